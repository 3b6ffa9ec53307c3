// Shared by the browser and the server-side rendering: turns a figure into an
// ECharts option, giving the names "@…" of the option their colours, functions,
// images and data.
var gonbAtfFigure = function (spec) {
  'use strict';
  var sup = { '-': '\u207b', 0: '\u2070', 1: '\u00b9', 2: '\u00b2', 3: '\u00b3', 4: '\u2074', 5: '\u2075', 6: '\u2076', 7: '\u2077', 8: '\u2078', 9: '\u2079' };
  function power(e) { return '10' + String(e).replace(/[-0-9]/g, function (c) { return sup[c]; }); }
  function minus(s) { return s.replace('-', '\u2212'); }
  function number(v, digits) {
    if (v === null || v === undefined || v !== v) return '\u2013';
    v = +v;
    var a = Math.abs(v);
    if (a === 0) return '0';
    if (a >= 1e-3 && a < 1e5) return minus(String(+v.toPrecision(digits)));
    var p = v.toExponential(digits - 1).split('e'), m = p[0];
    if (m.indexOf('.') >= 0) m = m.replace(/\.?0+$/, '');
    var t = power(+p[1]);
    return m === '1' ? t : m === '-1' ? '\u2212' + t : minus(m) + '\u00b7' + t;
  }
  function log(v) {
    var p = v.toExponential(2).split('e'), m = p[0].replace(/\.?0+$/, '');
    return m === '1' ? power(+p[1]) : m + '\u00b7' + power(+p[1]);
  }
  function escape(s) {
    return String(s).replace(/[&<>"]/g, function (c) { return { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }[c]; });
  }
  // rich marks subscripts: K_y, W_{12}.
  function rich(s) {
    return String(s).replace(/\u200b+$/, '').replace(/(^|[\s(\[=:,\u00b1])-(?=\.?\d)/g, '$1\u2212').replace(/_(\{[^{}|]*\}|[^\s_{}|][\u0300-\u036f]*(?![A-Za-z0-9]))/g, function (m, t) {
      return '{s|' + t.replace(/^\{|\}$/g, '') + '}';
    }).replace(/\} /g, '}\u00a0');
  }
  function html(s) {
    return rich(escape(s)).replace(/\{s\|([^}]*)\}/g, '<sub>$1</sub>');
  }
  // along writes an x value; 0 has a place of its own on a logarithmic axis.
  function isZero(v, at) { return Math.abs(v - at) <= 1e-6 * at; }
  function along(v, n) { return n.x0 && isZero(v, n.x0) ? '0' : number(v, 10); }
  function names(p) { return (spec.names && spec.names[p.seriesIndex]) || {}; }
  function point(p) {
    var n = names(p), v = p.value, s = p.seriesName && p.seriesName.charAt(0) !== '\u0000' ? '<b>' + html(p.seriesName) + '</b><br>' : '';
    if (!v || v[0] === null) return '';
    if (p.data && p.data.name) s += escape(p.data.name) + '<br>';
    return s + html(n.x || 'x') + ' = ' + along(v[0], n) + '<br>' + html(n.y || 'y') + ' = ' + number(v[1], 10);
  }
  var functions = {
    legend: rich,
    log: log,
    point: point,
    axis: function (list) {
      var s = '';
      for (var i = 0; i < list.length; i++) {
        var p = list[i], v = p.value, n = names(p);
        if (!v || v[1] === null || v[1] === undefined || n.quiet) continue;
        if (!s) s = html(n.x || 'x') + ' = ' + along(v[0], n);
        s += '<br>' + (p.marker || '') + html(p.seriesName) + ': ' + number(v[1], 10);
      }
      return s;
    },
    cell: function (p) {
      var v = p.value, c = spec.cells[v[3]], k = c.side, s = '<b>' + html(p.seriesName) + '</b><br>';
      function ends(i, n) { var a = i * k + 1, b = Math.min((i + 1) * k, n); return a === b ? String(a) : a + '\u2013' + b; }
      if (c.xs) return s + html(c.xname) + ' = ' + number(c.xs[v[0]], 6) + '<br>' + html(c.yname) + ' = ' + number(c.ys[v[1]], 6) + '<br>' + html(c.vname) + ' = ' + number(v[2], 5);
      return s + 'row ' + ends(v[1], c.rows) + ', column ' + ends(v[0], c.cols) + '<br>' + (k > 1 ? 'mean ' : '') + number(v[2], 5);
    },
    band: function (params, api) {
      var pts = [], n = params.dataInsideLength, i;
      if (params.dataIndex !== 0 || params.context.drawn) return;
      params.context.drawn = true;
      var b = spec.bands[api.value(2)];
      for (i = 0; i < b.length; i++) pts.push(api.coord([b[i][0], b[i][1]]));
      for (i = b.length - 1; i >= 0; i--) pts.push(api.coord([b[i][0], b[i][2]]));
      return { type: 'polygon', shape: { points: pts }, style: { fill: api.visual('color'), opacity: 0.18 }, silent: true };
    }
  };
  // cells lays the pooled values of a map out as points [column, row, value, map].
  function cells(k) {
    var c = spec.cells[k], out = [], i, j, t = 0;
    var m = c.m, w = c.w || m;
    for (i = 0; i < m; i++) {
      for (j = c.half ? i : 0; j < w; j++) {
        var v = c.v[t++];
        if (v === null) continue;
        out.push([j, i, v, k]);
        if (c.half && j !== i) out.push([i, j, v, k]);
      }
    }
    return out;
  }
  // rearrange moves the parts of an option to where they stand on a narrow page.
  function rearrange(option, narrow) {
    var parts = { grid: option.grid, legend: option.legend, graphic: option.graphic && option.graphic.elements };
    function add(o, key, d) { if (o && typeof o[key] === 'number') o[key] += d; }
    narrow.moves.forEach(function (m) {
      for (var i = m[1]; i < m[2]; i++) {
        var el = parts[m[0]][i];
        [el, m[0] === 'graphic' && el.type === 'image' && el.style, el.shape].forEach(function (o) {
          ['left', 'x', 'x1', 'x2'].forEach(function (key) { add(o, key, m[3]); });
          ['top', 'y', 'y1', 'y2'].forEach(function (key) { add(o, key, m[4]); });
        });
      }
    });
    narrow.texts.forEach(function (t) { parts.graphic[t[0]].style.text = walkText(t[1]); });
  }
  function walkText(s) { return s.slice(0, 3) === '@t:' ? s.slice(3) : s; }
  return {
    // option builds the ECharts option for a theme; still leaves out what only
    // serves the mouse; slim lays it out for a narrow page.
    option: function (theme, still, images, slim) {
      var colors = spec[theme];
      function walk(o) {
        if (typeof o === 'string') {
          if (o.charAt(0) !== '@') return o;
          var kind = o.slice(1, 3), rest = o.slice(3);
          if (kind === 'f:') return functions[rest];
          if (kind === 'z:') {
            var cut = rest.indexOf(':'), zero = +rest.slice(0, cut), other = walk('@' + rest.slice(cut + 1));
            return function (v) { return isZero(v, zero) ? '0' : other(v); };
          }
          if (kind === 'n:') return function (v) { return number(v, +rest); };
          if (kind === 'i:') return images[+rest];
          if (kind === 'd:') return cells(+rest);
          if (kind === 't:') return rest;
          return colors[o.slice(1)] || o;
        }
        if (Array.isArray(o)) {
          var list = [];
          for (var i = 0; i < o.length; i++) if (!(still && o[i] && o[i].atfLive)) list.push(typeof o[i] === 'number' || o[i] === null ? o[i] : walk(o[i]));
          return list;
        }
        if (o && typeof o === 'object') {
          var d = {};
          for (var k in o) if (k !== 'atfLive') d[k] = walk(o[k]);
          return d;
        }
        return o;
      }
      var option = walk(spec.option);
      option.animation = false;
      if (slim) rearrange(option, spec.narrow);
      if (still) { delete option.dataZoom; delete option.toolbox; delete option.tooltip; }
      return option;
    }
  };
};
