// Shows the outputs of a notebook's cells as JupyterLab does, trusted or not,
// in its light or dark theme, and notes the errors of their scripts.
import { OutputArea, OutputAreaModel } from '@jupyterlab/outputarea';
import { RenderMimeRegistry, standardRendererFactories } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';

const query = new URLSearchParams(location.search);
const body = document.body;
body.setAttribute('data-jp-theme-light', query.has('dark') ? 'false' : 'true');
const problems = [];
addEventListener('error', e => problems.push(e.message));
addEventListener('unhandledrejection', e => problems.push(String(e.reason)));

fetch('outputs.json').then(r => r.json()).then(cells => {
  const rendermime = new RenderMimeRegistry({ initialFactories: standardRendererFactories });
  for (const values of cells) {
    const host = body.appendChild(document.createElement('div'));
    const model = new OutputAreaModel({ trusted: query.has('trusted'), values });
    Widget.attach(new OutputArea({ model, rendermime, contentFactory: new OutputArea.ContentFactory() }), host);
  }
  setTimeout(() => {
    const chart = document.querySelector('[data-gonb-atf]')?.gonbAtfChart;
    body.setAttribute('data-ink', chart ? chart.getOption().textStyle.color : '');
    const seen = [...document.querySelectorAll('img')].filter(img => img.getClientRects().length);
    body.setAttribute('data-pictures', seen.length);
    body.setAttribute('data-problems', JSON.stringify(problems));
  }, 3000);
});
