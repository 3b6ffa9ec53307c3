// Runs beside the static picture of a figure: loads ECharts, draws the chart
// over the picture's place, follows the page's theme. Whatever fails leaves
// the picture as it is.
var PERIOD = 100, PATIENCE = 100;

// load gives the promise of ECharts, one for the whole page: from beside
// Jupyter, from beside a page opened from disk, else from the network.
function load() {
  var key = '__gonbAtfECharts_' + config.version;
  if (window[key]) return window[key];
  if (window.echarts && window.echarts.version === config.version) return (window[key] = Promise.resolve(window.echarts));
  var sources = [], base = null;
  if (/^https?:/.test(location.protocol)) {
    base = document.body && document.body.getAttribute('data-base-url');
    var lab = document.getElementById('jupyter-config-data');
    if (!base && lab) { try { base = JSON.parse(lab.textContent).baseUrl; } catch (e) { /* no notebook server */ } }
    if (base) {
      base = base.replace(/\/?$/, '/');
      sources.push([base + 'nbextensions/' + config.file, true], [base + 'static/' + config.file, true]);
    }
  } else if (location.protocol === 'file:') {
    sources.push([config.file.replace(/.*\//, ''), false]);
  }
  sources.push([config.cdn, true]);
  var p = sources.reduce(function (prev, s) {
    return prev.catch(function () { return fetchScript(s[0], s[1]); });
  }, Promise.reject(new Error('none')));
  p.catch(function () { window[key] = null; });
  return (window[key] = p);
}

// fetchScript runs the library's file. A page with RequireJS has a global
// "define" that must not meet an anonymous module it did not ask for: while
// our file loads, a "define" stands there that takes this one file's call and
// hands on all others.
function fetchScript(url, check) {
  return new Promise(function (resolve, reject) {
    var tag = document.createElement('script'), outer = window.define, own = {};
    tag.src = url;
    if (check) { tag.integrity = config.integrity; tag.crossOrigin = 'anonymous'; }
    function mine() {
      if (document.currentScript === tag) return arguments[arguments.length - 1](own);
      return outer.apply(this, arguments);
    }
    if (typeof outer === 'function') {
      for (var k in outer) mine[k] = outer[k];
      window.define = mine;
    }
    function done() {
      if (window.define === mine) window.define = outer;
      if (tag.parentNode) tag.parentNode.removeChild(tag);
    }
    tag.onload = function () {
      done();
      var lib = own.init ? own : window.echarts;
      if (lib && lib.init && lib.version === config.version) resolve(lib); else reject(new Error(url + ' is not ECharts ' + config.version));
    };
    tag.onerror = function () { done(); reject(new Error(url + ' did not load')); };
    document.head.appendChild(tag);
  });
}

// dark tells whether the page around the figure is dark.
function dark(node) {
  if (spec.theme !== 'auto') return spec.theme === 'dark';
  var body = document.body, lab = body.getAttribute('data-jp-theme-light');
  if (lab !== null) return lab === 'false';
  if (/vscode-(dark|high-contrast(?!-light))/.test(body.className)) return true;
  if (/vscode-light|vscode-high-contrast-light/.test(body.className)) return false;
  for (var n = node; n && n.nodeType === 1; n = n.parentNode) {
    var m = /rgba?\(([\d.]+),\s*([\d.]+),\s*([\d.]+)(?:,\s*([\d.]+))?\)/.exec(getComputedStyle(n).backgroundColor);
    if (m && (m[4] === undefined || +m[4] > 0.5)) return 0.299 * m[1] + 0.587 * m[2] + 0.114 * m[3] < 110;
  }
  var scheme = getComputedStyle(document.documentElement).colorScheme || '';
  return /dark/.test(scheme) && !!window.matchMedia && matchMedia('(prefers-color-scheme: dark)').matches;
}

// pictures takes the images out of the static picture, in order.
function pictures(img) {
  if (spec.images) return spec.images;
  if (!img) return [];
  var text = decodeURIComponent(img.src.slice(img.src.indexOf(',') + 1));
  var list = new DOMParser().parseFromString(text, 'image/svg+xml').getElementsByTagName('image'), out = [];
  for (var i = 0; i < list.length; i++) out.push(list[i].getAttribute('href') || list[i].getAttributeNS('http://www.w3.org/1999/xlink', 'href'));
  return out;
}

function start(root, echarts) {
  if (root.gonbAtfChart) return;
  var img = root.querySelector('img'), images = pictures(img), figure = gonbAtfFigure(spec);
  var slot = document.createElement('div'), stage = document.createElement('div');
  // The slot keeps the picture's place and proportions; a narrow page scales
  // the stage as it scaled the picture.
  slot.style.cssText = 'position:relative;width:100%;overflow:hidden;aspect-ratio:' + spec.w + '/' + spec.h;
  stage.style.cssText = 'position:absolute;left:0;top:0;transform-origin:0 0;width:' + spec.w + 'px;height:' + spec.h + 'px';
  slot.appendChild(stage);
  slot.className = 'gonb-atf-live';
  root.appendChild(slot);
  var chart, night, now = { w: spec.w, h: spec.h, slim: false };
  try {
    chart = echarts.init(stage, null, { renderer: 'canvas', width: spec.w, height: spec.h });
    arrange();
    paint();
  } catch (e) {
    root.removeChild(slot);
    throw e;
  }
  root.gonbAtfChart = chart;
  wheel(slot);
  chart.getZr().on('dblclick', unzoom);
  // A live panel sends new data for the same chart.
  root.gonbAtfUpdate = function (next) {
    spec = next;
    images = next.images || [];
    figure = gonbAtfFigure(next);
    root.style.minWidth = 'min(100%,' + next.w + 'px)';
    if (next.alt) root.setAttribute('aria-label', next.alt);
    dropPicture(true);
    now.w = 0;
    fit();
  };
  // The picture stays for printing, until a live panel has other data.
  function dropPicture(printed) {
    for (var n = root.firstChild; n && n !== slot;) {
      var gone = n;
      n = n.nextSibling;
      if (printed || gone !== img) root.removeChild(gone);
    }
  }
  dropPicture(false);
  if (img) onPaper(img);
  function paint() {
    var black = dark(root);
    if (black === night) return;
    night = black;
    var option = figure.option(black ? 'dark' : 'light', false, images, now.slim);
    if (spec.theme === 'auto') option.backgroundColor = 'transparent';
    chart.setOption(option, true);
  }
  // arrange chooses between the layouts of the figure by the width there is, and
  // says whether another one serves.
  function arrange() {
    var slim = !!spec.narrow && (root.clientWidth || spec.w) < spec.narrow.below, size = slim ? spec.narrow : spec;
    if (slim === now.slim && size.w === now.w && size.h === now.h) return false;
    now = { w: size.w, h: size.h, slim: slim };
    slot.style.aspectRatio = now.w + '/' + now.h;
    slot.style.maxWidth = now.w + 'px';
    stage.style.width = now.w + 'px';
    stage.style.height = now.h + 'px';
    chart.resize({ width: now.w, height: now.h });
    return true;
  }
  function fit() {
    if (arrange()) { night = undefined; paint(); }
    var s = Math.min(1, (root.clientWidth || now.w) / now.w);
    stage.style.transform = s < 1 ? 'scale(' + s + ')' : '';
  }
  // unzoom takes every zoom back.
  function unzoom() {
    var zooms = chart.getOption().dataZoom || [];
    if (!zooms.length) return;
    chart.dispatchAction({ type: 'dataZoom', batch: zooms.map(function (_, i) { return { dataZoomIndex: i, start: 0, end: 100 }; }) });
  }
  fit();
  if (window.ResizeObserver) new ResizeObserver(fit).observe(root);
  if (spec.theme === 'auto') follow(paint);
}

// onPaper hides the picture on the screen and has it printed in place of the
// chart, whose pixels are the screen's.
function onPaper(img) {
  img.style.display = 'none';
  if (document.getElementById('gonb-atf-print')) return;
  var style = document.createElement('style');
  style.id = 'gonb-atf-print';
  style.textContent = '@media print{.gonb-atf-still{display:block!important}.gonb-atf-still~.gonb-atf-live{display:none}}';
  document.head.appendChild(style);
}

// wheel leaves the plain wheel to the page. ECharts takes every turn over a plot
// that can be zoomed, also those without Ctrl that zoom nothing.
function wheel(slot) {
  function pass(e) { if (!e.ctrlKey) e.stopPropagation(); }
  slot.addEventListener('wheel', pass, { capture: true, passive: true });
  slot.addEventListener('mousewheel', pass, { capture: true, passive: true });
}

// follow calls paint whenever the page may have turned dark or light: by a class
// or style of its own, by a style sheet, at the end of a fade, or with the system.
function follow(paint) {
  if (window.MutationObserver) {
    var watch = new MutationObserver(paint);
    watch.observe(document.documentElement, { attributes: true });
    watch.observe(document.body, { attributes: true });
    watch.observe(document.head, { childList: true });
  }
  document.head.addEventListener('load', paint, true);
  document.addEventListener('transitionend', paint);
  if (window.matchMedia) {
    var query = matchMedia('(prefers-color-scheme: dark)');
    if (query.addEventListener) query.addEventListener('change', paint);
  }
}

// A front end may run the script before the element is in the page, or show
// the same output twice.
(function seek(left) {
  var found = document.querySelectorAll('[data-gonb-atf="' + config.id + '"]');
  if (!found.length) {
    if (left > 0) setTimeout(function () { seek(left - 1); }, PERIOD);
    return;
  }
  load().then(function (echarts) {
    for (var i = 0; i < found.length; i++) start(found[i], echarts);
  }).catch(function (e) {
    if (window.console && console.info) console.info('gonb-atf: the figure stays a picture: ' + (e && e.message));
  });
})(PATIENCE);
