// What the pages do beyond HTML: the slider moves with its number, and the head says whether the page is live.
(() => {
  'use strict';

  const link = () => document.getElementById('link');

  function say(state, text) {
    const place = link();
    if (place) {
      place.hidden = false;
      place.dataset.state = state;
      place.textContent = text;
    }
  }

  function showSliders(root) {
    for (const slider of root.querySelectorAll('input[type=range][data-for]')) {
      slider.hidden = false;
    }
  }

  // A file is read into the field that is sent, where it can be looked at and changed.
  function showFiles() {
    for (const file of document.querySelectorAll('input[type=file][data-into]')) {
      file.hidden = false;
    }
  }

  document.addEventListener('change', async event => {
    const from = event.target;
    if (from.matches('input[type=file][data-into]') && from.files.length === 1) {
      const into = document.getElementById(from.dataset.into);
      const file = from.files[0];
      if (file.size > into.maxLength) {
        from.setCustomValidity(`a file may have ${into.maxLength} bytes at most`);
        from.reportValidity();
        return;
      }
      from.setCustomValidity('');
      into.value = await file.text();
      const name = document.getElementById(from.dataset.name);
      if (name) {
        name.value = file.name.slice(0, name.maxLength);
      }
    }
  });

  document.addEventListener('input', event => {
    const from = event.target;
    if (from.matches('input[type=range][data-for]')) {
      const number = document.getElementById(from.dataset.for);
      if (number) {
        number.value = from.value;
      }
    } else if (from.id) {
      const slider = document.querySelector(`input[type=range][data-for="${CSS.escape(from.id)}"]`);
      if (slider) {
        slider.value = from.value;
      }
    }
  });

  // Those who do not see the stage change are told.
  let heard = null;
  function tell() {
    const here = document.querySelector('#standing [aria-current=step]');
    const share = document.getElementById('inforce');
    const news = document.getElementById('news');
    if (!here || !news) {
      return;
    }
    const now = `stage ${here.textContent}` + (share ? `, ${share.textContent} of reads on new` : '');
    if (heard !== null && heard !== now) {
      news.textContent = now;
    }
    heard = now;
  }

  // Nothing changes under a finger: what is replaced between press and release swallows the click.
  // A release that never comes, outside of the window perhaps, holds nothing up for long.
  const longest = 1000;
  let pressed = null;
  const held = new Map();
  function release() {
    clearTimeout(pressed);
    pressed = null;
    for (const [element, text] of held) {
      remember(element);
      htmx.swap(element, text, {swapStyle: 'innerHTML'});
      updated(element);
    }
    held.clear();
  }
  document.addEventListener('pointerdown', () => {
    clearTimeout(pressed);
    pressed = setTimeout(release, longest);
  }, true);
  for (const end of ['pointerup', 'pointercancel']) {
    // The click comes after it.
    document.addEventListener(end, () => setTimeout(release), true);
  }
  document.addEventListener('htmx:sseBeforeMessage', event => {
    if (pressed !== null) {
      held.set(event.target, event.detail.data);
      event.preventDefault();
    } else {
      remember(event.target);
    }
  });

  // A part that somebody has opened stays open when its content changes.
  let open = [];
  function remember(element) {
    open = [...element.querySelectorAll('details')].map(details => details.open);
  }
  function updated(element) {
    element.querySelectorAll('details').forEach((details, i) => {
      details.open = open[i] ?? details.open;
    });
    showSliders(element);
    tell();
  }
  document.addEventListener('htmx:sseMessage', event => updated(event.target));
  document.addEventListener('htmx:sseOpen', () => say('live', 'live'));
  document.addEventListener('htmx:sseError', () => say('lost', 'not live'));
  document.addEventListener('DOMContentLoaded', () => {
    showFiles();
    showSliders(document);
    tell();
  });
})();
