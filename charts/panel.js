// Connects the controls of a live panel with the cell that drew them. panel is
// filled in: the id of the row, the address of the cell, the seconds it waits for
// a first touch, the figure that belongs to it.
(function (panel) {
  'use strict';
  var row = document.getElementById(panel.id), note = document.getElementById(panel.id + '-note');
  if (!row || !globalThis.gonb_comm) return;
  function send(what) { if (globalThis.gonb_comm) globalThis.gonb_comm.send(panel.address, what); }
  var left = panel.seconds, clock = setInterval(tick, 1000);
  function tell() { note.textContent = 'goes on with these settings in ' + left + ' s, unless touched'; }
  function tick() {
    left--;
    if (left > 0 && row.isConnected) return tell();
    clearInterval(clock);
    clock = 0;
    note.textContent = '';
  }
  // Whoever moves the pointer over the panel is there: the page alone, scrolled
  // or redrawn below a resting pointer, moves nothing.
  function touch(event) {
    if (!clock || event.type === 'pointermove' && !event.movementX && !event.movementY) return;
    clearInterval(clock);
    clock = 0;
    note.textContent = 'the cell runs until Done is pressed';
    send('touch');
  }
  var figure = document.querySelector('[data-gonb-atf="' + panel.figure + '"]');
  ['pointerdown', 'pointermove', 'keydown', 'focusin'].forEach(function (kind) {
    row.addEventListener(kind, touch, true);
    if (figure) figure.addEventListener(kind, touch, true);
  });
  row.querySelectorAll('[data-control]').forEach(function (control) {
    var at = control.getAttribute('data-control'), shown = document.getElementById(panel.id + '-value-' + at);
    if (control.tagName === 'BUTTON') {
      control.addEventListener('click', function () { send(at === 'done' ? at : at + ' 1'); });
      return;
    }
    var values = JSON.parse(control.getAttribute('data-values') || 'null'), sent = control.value;
    function moved() {
      if (control.value === sent) return;
      sent = control.value;
      if (shown) {
        shown.textContent = values[sent];
        control.setAttribute('aria-valuetext', values[sent]);
      }
      send(at + ' ' + sent);
    }
    control.addEventListener('input', moved);
    control.addEventListener('change', moved);
  });
  tell();
  send('ready');
})(
