// The look: a page of a book at night-lamp light. Questions are slips, answers are text on the
// page, and what an answer rests on is a footnote below a short rule.

export const styles = `
  :host {
    color-scheme: light dark;
    --paper: #f8f4ec; --sheet: #fffdf9; --ink: #2b2723; --quiet: #625a51; --line: #ded5c7;
    --edge: #8a8074; --slip: #e9e1d3; --note: #f1eadf;
    --fill: var(--site-fill, #23564f); --on-fill: var(--site-on-fill, #ffffff);
    --accent: var(--site-light, #1f4f49);
    --alarm: #8c1d18; --alarm-ground: #fdeeea; --on-alarm: #ffffff;
    --serif: "Iowan Old Style", "Palatino Nova", Palatino, "Book Antiqua", Georgia, "Noto Serif", serif;
    --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
    font-family: var(--sans); font-size: 1rem; line-height: 1.55; color: var(--ink);
    text-align: start; -webkit-text-size-adjust: 100%;
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --paper: #1b1a18; --sheet: #23211e; --ink: #ece6db; --quiet: #b5ab9d; --line: #3f3a34;
      --edge: #8d8376; --slip: #34302b; --note: #2b2824;
      --accent: var(--site-dark, #a3d3c8); --fill: var(--site-fill, #2c6b62);
      --alarm: #ffb4a8; --alarm-ground: #3a1e1b; --on-alarm: #3a0f0b;
    }
  }
  @media (prefers-contrast: more) {
    :host {
      --paper: #fff; --sheet: #fff; --ink: #000; --quiet: #222; --line: #000; --edge: #000;
      --slip: #fff; --note: #fff; --accent: #00332e; --fill: #00332e; --on-fill: #fff;
      --alarm: #7a0000; --alarm-ground: #fff;
    }
  }
  @media (prefers-contrast: more) and (prefers-color-scheme: dark) {
    :host {
      --paper: #000; --sheet: #000; --ink: #fff; --quiet: #eee; --line: #fff; --edge: #fff;
      --slip: #000; --note: #000; --accent: #c4f5ea; --fill: #c4f5ea; --on-fill: #000;
      --alarm: #ffd0c8; --alarm-ground: #000; --on-alarm: #000;
    }
  }
  :host([hidden]) { display: none; }
  *, *::before, *::after { box-sizing: border-box; }
  button, textarea { font: inherit; color: inherit; }
  button { cursor: pointer; }
  p, ul, ol, figure, blockquote, h1, h2 { margin: 0; padding: 0; }
  ul, ol { list-style: none; }
  a { color: var(--accent); text-underline-offset: 0.18em; text-decoration-thickness: 1px; }
  svg { inline-size: 1.5rem; block-size: 1.5rem; display: block; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
  :focus { outline: none; }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .sr { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

  .launcher {
    position: fixed; z-index: 2147483000; inset-block-end: max(1.25rem, env(safe-area-inset-bottom)); inset-inline-end: max(1.25rem, env(safe-area-inset-right));
    display: flex; align-items: center; gap: 0.6rem; min-block-size: 3.5rem; padding-block: 0.5rem; padding-inline: 1.1rem 1.35rem;
    border: 1px solid transparent; border-radius: 1.75rem; background: var(--fill); color: var(--on-fill);
    box-shadow: 0 1px 2px rgb(40 30 20 / 0.25), 0 8px 28px rgb(40 30 20 / 0.22); font-weight: 600;
  }
  .launcher:focus-visible { outline-offset: 3px; }

  .chat { display: flex; flex-direction: column; background: var(--paper); overflow: hidden; position: relative; }
  .page { block-size: var(--height, 100dvh); inline-size: 100%; }
  .panel {
    position: fixed; z-index: 2147483000; inset-block-end: max(1.25rem, env(safe-area-inset-bottom)); inset-inline-end: max(1.25rem, env(safe-area-inset-right));
    inline-size: min(26rem, calc(100vw - 2.5rem)); block-size: min(43rem, calc(100dvh - 2.5rem));
    border: 1px solid var(--line); border-radius: 1.1rem; box-shadow: 0 2px 6px rgb(40 30 20 / 0.12), 0 18px 60px rgb(40 30 20 / 0.28);
  }
  @media (max-width: 30rem), (max-height: 26rem) {
    .panel { inset: 0; inline-size: auto; block-size: var(--height, 100dvh); border: 0; border-radius: 0; }
  }
  .column { inline-size: 100%; max-inline-size: 44rem; margin-inline: auto; padding-inline: max(1.15rem, env(safe-area-inset-left)) max(1.15rem, env(safe-area-inset-right)); }
  .page .column { padding-inline: max(1.35rem, env(safe-area-inset-left)) max(1.35rem, env(safe-area-inset-right)); }

  header { flex: none; border-block-end: 1px solid var(--line); background: var(--paper); padding-block-start: env(safe-area-inset-top); z-index: 2; }
  header .column { display: flex; align-items: center; gap: 0.25rem; min-block-size: 3.5rem; }
  h1 { flex: 1; min-inline-size: 0; font-family: var(--serif); font-weight: 600; font-size: 1.3rem; line-height: 1.2; letter-spacing: -0.005em; overflow-wrap: anywhere; }
  .mark::before { content: "1"; }
  .mark { font-family: var(--sans); font-size: 0.58em; font-weight: 600; vertical-align: 0.62em; line-height: 0; color: var(--accent); margin-inline-start: 0.12em; }
  .icon { flex: none; display: grid; place-items: center; inline-size: 2.75rem; block-size: 2.75rem; padding: 0; border: 1px solid transparent; border-radius: 50%; background: none; color: var(--ink); }
  .icon:hover { background: var(--slip); }
  header .icon:last-child { margin-inline-end: -0.6rem; }

  .menu { position: absolute; z-index: 3; inset-block-start: calc(3.5rem + env(safe-area-inset-top)); inset-inline: 0; pointer-events: none; }
  .menu ul { pointer-events: auto; inline-size: fit-content; max-inline-size: 100%; margin-inline-start: auto; max-block-size: calc(var(--height, 100dvh) - 5rem); overflow: auto; padding: 0.4rem; background: var(--sheet); border: 1px solid var(--line); border-radius: 0.9rem; box-shadow: 0 12px 40px rgb(40 30 20 / 0.22); }
  .menu button, .menu a { display: flex; align-items: center; justify-content: space-between; gap: 1.5rem; inline-size: 100%; min-block-size: 2.75rem; padding: 0.4rem 0.9rem; border: 0; border-radius: 0.6rem; background: none; color: var(--ink); text-align: start; text-decoration: none; }
  .menu button:hover, .menu a:hover { background: var(--slip); }
  .menu li.parted { border-block-start: 1px solid var(--line); margin-block-start: 0.4rem; padding-block-start: 0.4rem; }
  .menu [aria-pressed="true"]::after { content: "✓"; }

  .log { flex: 1; min-block-size: 0; overflow-y: auto; overscroll-behavior: contain; scrollbar-gutter: stable both-edges; scrollbar-width: thin; position: relative; }
  .log:focus-visible { outline-offset: -3px; }
  .log .column { min-block-size: 100%; padding-block: 1.5rem 1.75rem; display: flex; flex-direction: column; }

  .welcome { padding-block: 0.25rem 0.5rem; }
  .welcome h2 { font-family: var(--serif); font-weight: 500; font-size: clamp(1.45rem, 1.2rem + 1.4vw, 1.95rem); line-height: 1.22; letter-spacing: -0.01em; text-wrap: balance; max-inline-size: 32rem; }
  .panel .welcome h2 { font-size: 1.45rem; }
  .welcome p { color: var(--quiet); margin-block-start: 0.75rem; max-inline-size: 34rem; text-wrap: pretty; }

  .messages > li { margin-block-start: 1.5rem; overflow-wrap: anywhere; }
  /* What people type, and quotes, run as their own words do, whatever the interface's direction. */
  .person > p, textarea, blockquote { unicode-bidi: plaintext; }
  .person { display: flex; flex-direction: column; align-items: flex-end; }
  .person > p { max-inline-size: min(85%, 32rem); padding: 0.6rem 0.95rem; background: var(--slip); border: 1px solid transparent; border-radius: 1.1rem; border-end-end-radius: 0.3rem; white-space: pre-wrap; }
  .messages > .person + .bot { margin-block-start: 0.95rem; }
  @media (prefers-contrast: more) { .person > p { border-color: var(--line); } }
  .state { display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: 0.15rem 0.7rem; margin-block-start: 0.3rem; font-size: 0.88rem; color: var(--quiet); }
  .failed .state { color: var(--alarm); }
  .said { max-inline-size: 38rem; font-size: 1.055rem; line-height: 1.6; text-wrap: pretty; }
  .said p + p, .said p + ul, .said ul + p { margin-block-start: 0.65rem; }
  .said li { padding-inline-start: 1.15rem; position: relative; }
  .said li + li { margin-block-start: 0.3rem; }
  .said li::before { content: "–"; position: absolute; inset-inline-start: 0; color: var(--quiet); }

  .foot { max-inline-size: 38rem; margin-block-start: 0.85rem; font-size: 0.94rem; }
  .foot::before { content: ""; display: block; inline-size: 4.5rem; border-block-start: 1px solid var(--edge); margin-block-end: 0.15rem; }
  summary { display: flex; align-items: center; gap: 0.35rem; inline-size: fit-content; max-inline-size: 100%; min-block-size: 2.75rem; color: var(--quiet); cursor: pointer; list-style: none; border-radius: 0.4rem; }
  summary::-webkit-details-marker { display: none; }
  summary .mark { margin: 0; vertical-align: 0.35em; }
  summary::after { content: ""; flex: none; inline-size: 0.42rem; block-size: 0.42rem; margin-inline: 0.25rem; border: solid currentColor; border-width: 0 1.6px 1.6px 0; transform: translateY(-15%) rotate(45deg); }
  details[open] summary::after { transform: translateY(25%) rotate(225deg); }
  summary:hover { color: var(--ink); }
  summary b { font-weight: 500; color: var(--accent); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 0.18em; }
  figure { padding-block: 0.2rem 0.6rem; padding-inline-start: 1rem; border-inline-start: 2px solid var(--line); }
  figure + figure { margin-block-start: 0.5rem; }
  blockquote { font-family: var(--serif); font-size: 1.1rem; line-height: 1.55; text-wrap: pretty; }
  figcaption { color: var(--quiet); margin-block-start: 0.35rem; }
  figcaption a { display: inline-block; padding-block: 0.3rem; }
  .note { max-inline-size: 38rem; margin-block-start: 0.85rem; padding: 0.75rem 1rem; background: var(--note); border: 1px dashed var(--edge); border-radius: 0.7rem; font-size: 0.95rem; }
  .note strong { display: block; font-size: 0.88rem; color: var(--quiet); font-weight: 600; }
  .note cite { display: block; font-style: normal; font-size: 0.88rem; color: var(--quiet); margin-block-start: 0.2rem; }

  .urgent { max-inline-size: 38rem; padding: 1.1rem 1.2rem 1.25rem; border: 2px solid var(--alarm); border-radius: 0.9rem; background: var(--alarm-ground); }
  .urgent h2 { font-family: var(--serif); font-size: 1.25rem; line-height: 1.3; font-weight: 600; color: var(--alarm); margin-block-end: 0.6rem; }
  .urgent a:not(.call) { color: inherit; font-weight: 600; }
  .calls { display: flex; flex-wrap: wrap; gap: 0.6rem; margin-block: 0.4rem 0.9rem; }
  .call { display: flex; align-items: center; gap: 0.55rem; min-block-size: 3.1rem; padding-block: 0.45rem; padding-inline: 0.8rem 1rem; border: 1px solid transparent; border-radius: 0.8rem; background: var(--alarm); color: var(--on-alarm); font-weight: 650; font-size: 1.1rem; text-decoration: none; }
  .call small { display: block; font-weight: 500; font-size: 0.8rem; line-height: 1.25; }
  .call:focus-visible { outline-color: var(--ink); }

  .rate { display: flex; gap: 0.15rem; margin-block-start: 0.35rem; margin-inline-start: -0.55rem; color: var(--quiet); }
  .rate .icon { color: inherit; inline-size: 2.5rem; block-size: 2.5rem; }
  .rate svg { inline-size: 1.25rem; block-size: 1.25rem; stroke-width: 1.6; }
  .rate [aria-pressed="true"] { color: var(--accent); border-color: currentColor; background: var(--slip); }
  .choices { display: flex; flex-wrap: wrap; gap: 0.55rem; margin-block-start: 1.1rem; }
  .choice { min-block-size: 2.75rem; padding: 0.45rem 1rem; border: 1px solid var(--edge); border-radius: 1.4rem; background: var(--sheet); color: var(--accent); font-weight: 500; text-align: start; line-height: 1.3; }
  .choice:hover { border-color: var(--accent); background: var(--slip); }

  .dots { display: flex; gap: 0.35rem; padding-block: 0.75rem; margin-block-start: 0.75rem; }
  .dots i { inline-size: 0.5rem; block-size: 0.5rem; border-radius: 50%; background: var(--quiet); opacity: 0.35; animation: breathe 1.6s ease-in-out infinite; }
  .dots i:nth-child(2) { animation-delay: 0.25s; }
  .dots i:nth-child(3) { animation-delay: 0.5s; }
  @keyframes breathe { 40% { opacity: 1; } 80% { opacity: 0.35; } }
  @media (prefers-reduced-motion: reduce) { .dots i { animation: none; opacity: 0.7; } }

  .below { flex: none; border-block-start: 1px solid var(--line); background: var(--paper); padding-block: 0.7rem max(0.55rem, env(safe-area-inset-bottom)); }
  .notice { display: flex; flex-wrap: wrap; align-items: center; gap: 0.35rem 0.9rem; margin-block-end: 0.65rem; padding: 0.55rem 0.9rem; border: 1px solid var(--line); border-radius: 0.7rem; background: var(--note); font-size: 0.94rem; }
  .notice > span { flex: 1 1 14rem; }
  .link { min-block-size: 2.25rem; padding: 0.15rem 0.3rem; border: 0; background: none; color: var(--accent); font-weight: 600; text-decoration: underline; text-underline-offset: 0.18em; }
  form { display: flex; align-items: flex-end; gap: 0.35rem; padding: 0.3rem; background: var(--sheet); border: 1px solid var(--edge); border-radius: 1.6rem; }
  form:focus-within { border-color: var(--accent); box-shadow: 0 0 0 2px var(--accent); }
  textarea { flex: 1; min-inline-size: 0; block-size: 2.75rem; max-block-size: 9rem; padding-block: 0.6rem; padding-inline: 0.95rem 0.2rem; border: 0; background: none; resize: none; line-height: 1.5; font-size: max(1rem, 16px); }
  textarea:focus-visible { outline: none; }
  textarea::placeholder { color: var(--quiet); opacity: 1; }
  .send { flex: none; display: grid; place-items: center; inline-size: 2.75rem; block-size: 2.75rem; padding: 0; border: 1px solid transparent; border-radius: 50%; background: var(--fill); color: var(--on-fill); }
  .send[aria-disabled="true"] { background: var(--slip); color: var(--quiet); }
  .counter { margin-block-start: 0.35rem; text-align: end; font-size: 0.88rem; color: var(--quiet); }
  .counter.over { color: var(--alarm); font-weight: 600; }
  .small { margin-block-start: 0.5rem; font-size: 0.84rem; line-height: 1.4; color: var(--quiet); text-wrap: balance; text-align: center; }
  /* Where the screen is low (at 200% zoom, too), this line scrolls with the conversation. */
  .log .small { display: none; margin-block-start: auto; padding-block-start: 1.5rem; }
  .small a { color: inherit; font-weight: 600; display: inline-block; padding-inline: 0.15rem; }
  @media (max-height: 30rem) {
    header .column { min-block-size: 2.75rem; }
    .below .small { display: none; }
    .log .small { display: block; }
    .below { padding-block: 0.35rem; }
  }
  @media (forced-colors: active) {
    .launcher, .send, .call, .person > p { border-color: ButtonBorder; }
    /* Shadows and grounds are not painted here: the focus and what is pressed need lines. */
    form:focus-within { outline: 3px solid Highlight; outline-offset: 2px; }
    .icon { border-color: transparent; }
    .icon:hover, .rate .icon { border-color: ButtonBorder; }
    .rate [aria-pressed="true"] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  }
  @media print {
    :host { color-scheme: light; --paper: #fff; --ink: #000; --quiet: #333; --line: #999; --edge: #666; --note: #fff; --accent: #000; --alarm: #000; --alarm-ground: #fff; --on-alarm: #000; }
    header .icon, .below, .choices, .rate, .menu, .launcher { display: none; }
    .chat, .log { block-size: auto; overflow: visible; position: static; border: 0; box-shadow: none; }
    .person > p, .call { border-color: var(--edge); }
    .call { background: none; }
    .messages > li { break-inside: avoid; }
  }
`;
