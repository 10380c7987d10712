/** Every custom property of the chat with a control, and what came of them as a style sheet. */

/** Defaults as the element has them; a test compares. Colours: light, dark. */
const colors = {
  accent: ['#4650d4', '#a3acff'],
  'on-accent': ['#ffffff', '#14152b'],
  surface: ['#ffffff', '#17181d'],
  ink: ['#1b1d24', '#e7e8ee'],
  muted: ['#5b6070', '#a2a7b6'],
  line: ['#e3e5ec', '#2e3039'],
  fill: ['#f4f5f8', '#21232a'],
  own: undefined,
  danger: ['#b3261e', '#ffa49c'],
};

const FONTS = [
  'system-ui, sans-serif',
  'ui-serif, Georgia, serif',
  'ui-rounded, "Trebuchet MS", sans-serif',
  'ui-monospace, monospace',
];

const others = {
  radius: { type: 'number', value: 14, min: 0, max: 40, unit: 'px' },
  'font-size': { type: 'number', value: 15, min: 12, max: 24, unit: 'px' },
  height: { type: 'number', value: 520, min: 160, max: 900, unit: 'px' },
  z: { type: 'number', value: 100, min: 0, max: 9999, unit: '' },
  font: { options: FONTS },
  side: { options: ['end', 'start', 'left', 'right'] },
};

const [form, chat, css] = ['form', 'mini-chat', '#css'].map((one) => document.querySelector(one));
const box = document.querySelector('#properties');
const said = document.querySelector('#said');

/** What was set: text, or light and dark of a colour, each possibly not. */
const chosen = new Map();

for (const name of Object.keys(colors)) addControl(name, control('input', { type: 'color' }));
for (const [name, { options, unit, ...more }] of Object.entries(others)) {
  if (!options) addControl(name, control('input', more));
  else {
    const select = control('select', {});
    select.append(...options.map((value) => new Option(value.split(',')[0], value)));
    addControl(name, select);
  }
}
form.addEventListener('input', ({ target }) => {
  if (target.name === 'scheme' || target.name === 'launcher') return show();
  set(target.name, target.value);
  show();
});
document.querySelector('#reset').addEventListener('click', () => {
  chosen.clear();
  for (const name of Object.keys(others)) form.elements[name].value = defaultOf(name);
  show();
});
document.querySelector('#copy').addEventListener('click', () => void copy());
show();

async function copy() {
  css.select();
  try {
    await navigator.clipboard.writeText(css.value);
    said.value = 'Copied';
  } catch {
    // Only on https and localhost; what is selected can be copied by hand.
    said.value = 'Selected';
  }
}

function control(tag, more) {
  return Object.assign(document.createElement(tag), more);
}

function addControl(name, input) {
  const row = control('div', { className: 'property' });
  const label = control('label', { htmlFor: name, textContent: `--mini-chat-${name}` });
  row.append(label, Object.assign(input, { id: name, name }));
  box.append(row);
}

function isDark() {
  return form.elements.scheme.value === 'dark';
}

function set(name, value) {
  if (!(name in colors)) return chosen.set(name, value + (others[name].unit ?? ''));
  const pair = [...(chosen.get(name) ?? [])];
  pair[isDark() ? 1 : 0] = value;
  return chosen.set(name, pair);
}

/** The chat, the controls and the style sheet, as things are now. */
function show() {
  document.documentElement.style.colorScheme = form.elements.scheme.value;
  chat.setAttribute('mode', form.elements.launcher.checked ? 'launcher' : 'inline');
  for (const name of [...Object.keys(colors), ...Object.keys(others)]) {
    const property = `--mini-chat-${name}`;
    const value = textOf(name);
    if (value === undefined) chat.style.removeProperty(property);
    else chat.style.setProperty(property, value);
    form.elements[name].closest('.property').classList.toggle('set', value !== undefined);
  }
  // The page gives its chats a height; here the property is to be seen.
  chat.style.blockSize = chosen.has('height') ? 'auto' : '';
  for (const name of Object.keys(colors)) form.elements[name].value = shade(name, isDark());
  const lines = [...chosen.keys()].map((name) => `  --mini-chat-${name}: ${textOf(name)};\n`);
  css.value = lines.length > 0 ? `mini-chat {\n${lines.join('')}}\n` : '/* as it is */\n';
  said.value = '';
}

/** As the style sheet says it; undefined: not at all. */
function textOf(name) {
  const value = chosen.get(name);
  if (!Array.isArray(value)) return value;
  const [light, dark] = [shade(name, false), shade(name, true)];
  return light === dark ? light : `light-dark(${light}, ${dark})`;
}

/** The colour of a name in one scheme, chosen or default. */
function shade(name, dark) {
  const at = dark ? 1 : 0;
  return chosen.get(name)?.[at] ?? colors[name]?.[at] ?? ownShade(dark);
}

/** That of own messages comes from two others, as long as it is not chosen. */
function ownShade(dark) {
  const probe = control('span', { hidden: true });
  const mixed = `color-mix(in oklab, ${shade('accent', dark)} 9%, ${shade('surface', dark)})`;
  probe.style.color = `color-mix(in srgb, ${mixed}, ${mixed})`;
  document.body.append(probe);
  const parts = getComputedStyle(probe).color.match(/-?[\d.]+(e-?\d+)?/g) ?? [];
  probe.remove();
  const bytes = parts.slice(0, 3).map((one) => Math.round(Math.min(1, Math.max(0, one)) * 255));
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function defaultOf(name) {
  const { value, options } = others[name];
  return value ?? options[0];
}
