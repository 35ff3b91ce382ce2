(() => {
  "use strict";
  const PAGE_SIZE = 50;
  const LONG = 150; // words; in longer sentences stretches without an item are folded
  const AROUND = 12; // words that stay to both sides of an item
  const SHORTEST_FOLD = 20; // words
  const NAMES = ["variant", "seed", "label", "kind", "change", "order", "text"];
  const RELATION = "relation: ";
  const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
  const STRONG = /\p{L}/u;

  const root = document.getElementById("examples");
  const data = JSON.parse(document.getElementById("examples-data").textContent);
  const form = root.querySelector(".filters");
  const status = root.querySelector(".found");
  const list = root.querySelector(".list");
  const pages = root.querySelector(".pages");
  const pageChoice = pages.querySelector("select");
  const seedsOf = data.variants.map((_, v) => data.runs.filter((run) => run[0] === v).length);
  const severalSeeds = seedsOf.some((number) => number > 1);

  // ---- The data: arrays of numbers become items -------------------------------------------------

  function unpack(row) {
    const [index, words, doc, numEntities = 0, flatEntities = [], numRelations = 0,
      flatRelations = [], predictions = [], made = 0, scores = 0, fixed = [], broken = []] = row;
    const list = typeof words === "string" ? words.split(" ") : words;
    const entities = triples(flatEntities).map(([label, start, end]) => ({ label, start, end }));
    const relations = triples(flatRelations).map(([label, head, tail]) => ({ label, head, tail }));
    const runs = data.runs.map((_, at) => {
      const number = typeof made === "number" ? made : made[at];
      const [ents = [], rels = [], entErrors = [], relErrors = []] = predictions[number] || [];
      return {
        items: [ents, rels],
        errors: [triples(entErrors), triples(relErrors)],
        scores: scores ? [scores[at].slice(0, ents.length), scores[at].slice(ents.length)] : null,
      };
    });
    return {
      index, words: list, doc: doc < 0 ? "" : data.documents[doc], items: [entities, relations],
      gold: [numEntities, numRelations], runs, fixed, broken, text: null, views: new Map(),
    };
  }

  function triples(flat) {
    const found = [];
    for (let at = 0; at < flat.length; at += 3) found.push(flat.slice(at, at + 3));
    return found;
  }

  const examples = data.examples.map(unpack);

  function searchText(example) {
    if (example.text === null) example.text = folded(example.words.join(" "));
    return example.text;
  }

  function folded(text) {
    return text.normalize("NFC").toLowerCase();
  }

  // ---- What a variant makes of a sentence: one run, or the majority of its runs -----------------

  function runsOf(variant, seed) {
    const found = [];
    data.runs.forEach(([owner, name], at) => {
      if (owner === variant && (seed === "" || name === seed)) found.push(at);
    });
    return found;
  }

  // Per kind of item: what is shown of gold and of the prediction, in how many runs, and the errors.
  function view(example, variant, seed) {
    const key = variant + "\t" + seed;
    if (!example.views.has(key)) example.views.set(key, makeView(example, variant, seed));
    return example.views.get(key);
  }

  function makeView(example, variant, seed) {
    const chosen = runsOf(variant, seed).map((at) => example.runs[at]);
    if (!chosen.length) return null;
    const parts = [0, 1].map((which) => part(example, which, chosen));
    return { variant, seed, runs: chosen.length, parts, errors: parts[0].errors.concat(parts[1].errors) };
  }

  function part(example, which, chosen) {
    const half = chosen.length / 2;
    const met = new Map(); // item → how often predicted, its scores
    const marks = [new Map(), new Map()]; // gold, predicted: item → its errors, as strings
    for (const run of chosen) {
      run.items[which].forEach((item, at) => {
        const entry = met.get(item) || { count: 0, scores: [] };
        entry.count += 1;
        const score = run.scores ? run.scores[which][at] : -1;
        if (score >= 0) entry.scores.push(score / 1000);
        met.set(item, entry);
      });
      for (const [kind, gold, predicted] of run.errors[which]) {
        for (const [side, item] of [[0, gold], [1, predicted]]) {
          if (item < 0) continue;
          if (!marks[side].has(item)) marks[side].set(item, []);
          marks[side].get(item).push([kind, gold, predicted].join());
        }
      }
    }
    const gold = [];
    for (let item = 0; item < example.gold[which]; item += 1) {
      const wrong = marks[0].get(item) || [];
      gold.push({ item, bad: wrong.length >= half && wrong.length > 0, count: chosen.length - wrong.length });
    }
    const predicted = [...met].filter(([, entry]) => entry.count > half)
      .map(([item, { count, scores }]) => ({
        item, count, score: scores.length ? scores.reduce((sum, one) => sum + one, 0) / scores.length : null,
        bad: 2 * (marks[1].get(item) || []).length > count,
      }))
      .sort((one, other) => one.item - other.item);
    return { gold, predicted, errors: errorsOf(which, gold, predicted, marks) };
  }

  // Each wrong item with its most frequent error; a pair of items gives one error.
  function errorsOf(which, gold, predicted, marks) {
    const found = new Map();
    [gold, predicted].forEach((items, side) => {
      for (const { item, bad, score } of items) {
        if (!bad) continue;
        const wrong = marks[side].get(item);
        const times = (text) => wrong.filter((other) => other === text).length;
        const usual = [...new Set(wrong)].sort((a, b) => times(b) - times(a) || (a < b ? -1 : 1))[0];
        const [kind, goldItem, predictedItem] = usual.split(",").map(Number);
        const entry = found.get(usual)
          || { which, kind, gold: goldItem, predicted: predictedItem, count: times(usual), score: null };
        if (side === 1) entry.score = score;
        found.set(usual, entry);
      }
    });
    return [...found.values()];
  }

  // ---- Filters ----------------------------------------------------------------------------------

  const sides = ["entities", "relations"];
  const valueOf = (which, name) => (which ? RELATION : "") + name;
  const labelOf = (which, item) => valueOf(which, data.labels[sides[which]][item.label]);
  const kindOf = (error) => valueOf(error.which, data.kinds[sides[error.which]][error.kind]);

  function options(select, groups) {
    select.replaceChildren();
    for (const [title, entries] of groups) {
      if (!entries.length) continue;
      const parent = title ? node("optgroup", { label: title }) : select;
      for (const [value, text] of entries) parent.append(node("option", { value }, text));
      if (title) select.append(parent);
    }
  }

  function fillFilters() {
    const same = (which, names) => names.slice().sort().map((name) => [valueOf(which, name), name]);
    const groups = (of) => [["Entities", same(0, of.entities)], ["Relations", same(1, of.relations)]];
    options(form.variant, [["", [["", "all"], ...data.variants.map((name) => [name, name])]]]);
    options(form.label, [["", [["", "any"]]], ...groups(data.labels)]);
    options(form.kind, [["", [["", "any sentence"], ["some", "any error"], ["none", "no error"]]], ...groups(data.kinds)]);
    const changes = (what) => data.variants.map((name) => `${what} by ${name}`)
      .filter((_, v) => examples.some((example) => example[what].includes(v))).map((text) => [text, text]);
    options(form.change, [["", [["", "any"]]], ["Fixed", changes("fixed")], ["Broken", changes("broken")]]);
    options(form.order, [["", [["", "as in the split"], ["errors", "most errors first"], ["surest", "surest errors first"]]]]);
    fillSeeds();
    form.seed.closest("label").hidden = !severalSeeds;
    form.change.closest("label").hidden = form.change.length < 2;
  }

  function fillSeeds() {
    const before = form.seed.value;
    const variant = data.variants.indexOf(form.variant.value);
    const names = [...new Set(data.runs.filter(([owner]) => variant < 0 || owner === variant).map(([, name]) => name))];
    const shown = (name) => (/^\d+$/.test(name) ? `seed ${name}` : name);
    options(form.seed, [["", [["", "majority"], ...names.map((name) => [name, shown(name)])]]]);
    form.seed.value = names.includes(before) ? before : "";
  }

  function state() {
    return Object.fromEntries(NAMES.map((name) => [name, form[name].value]));
  }

  function viewsFor(example, { variant, seed }) {
    const chosen = variant === "" ? data.variants.map((_, v) => v) : [data.variants.indexOf(variant)];
    return chosen.map((v) => view(example, v, seed)).filter(Boolean);
  }

  function matches(example, filter, wanted) {
    if (wanted) {
      const number = /^#(\d+)$/.exec(wanted);
      if (number ? example.index !== Number(number[1])
        : !searchText(example).includes(wanted) && !folded(example.doc).includes(wanted)) return false;
    }
    if (filter.change) {
      const is = (what) => example[what].some((v) => `${what} by ${data.variants[v]}` === filter.change);
      if (!is("fixed") && !is("broken")) return false;
    }
    if (!filter.kind && !filter.label) return true;
    const found = viewsFor(example, filter);
    const errors = found.flatMap((one) => one.errors);
    const named = (which, item) => !filter.label || labelOf(which, example.items[which][item]) === filter.label;
    if (filter.kind && filter.kind !== "none") {
      return errors.some((error) => (filter.kind === "some" || kindOf(error) === filter.kind)
        && [error.gold, error.predicted].some((item) => item >= 0 && named(error.which, item)));
    }
    if (filter.kind === "none" && errors.length) return false;
    return !filter.label || [0, 1].some((which) => example.items[which].some((_, item) => named(which, item)
      && (item < example.gold[which] || found.some((one) => one.parts[which].predicted.some((shown) => shown.item === item)))));
  }

  function ordered(found, filter) {
    if (!filter.order) return found;
    const worth = new Map(found.map((example) => {
      const views = viewsFor(example, filter);
      const errors = views.flatMap((one) => one.errors);
      return [example, filter.order === "errors" ? errors.length
        : Math.max(-1, ...errors.map((error) => (error.score === null ? -1 : error.score)))];
    }));
    return found.slice().sort((one, other) => worth.get(other) - worth.get(one));
  }

  let found = [];
  let page = 0;

  function update(newPage = 0) {
    fillSeeds();
    const filter = state();
    const wanted = folded(filter.text.trim());
    found = ordered(examples.filter((example) => matches(example, filter, wanted)), filter);
    const numPages = Math.max(1, Math.ceil(found.length / PAGE_SIZE));
    page = Math.min(Math.max(newPage, 0), numPages - 1);
    const shown = found.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
    const total = examples.length.toLocaleString("en");
    status.textContent = found.length
      ? `${found.length.toLocaleString("en")} of ${total} sentences`
        + (numPages > 1 ? `, ${page * PAGE_SIZE + 1} to ${page * PAGE_SIZE + shown.length} shown` : "")
      : `None of ${total} sentences matches.`;
    root.querySelector(".chosen").textContent = described(filter);
    list.replaceChildren(...shown.map((example) => card(example, filter, wanted)));
    pages.hidden = numPages < 2;
    if (pageChoice.length !== numPages) {
      options(pageChoice, [["", Array.from({ length: numPages }, (_, at) => [at, `${at + 1} of ${numPages}`])]]);
    }
    pageChoice.value = page;
    pages.querySelector("[data-step='-1']").disabled = page === 0;
    pages.querySelector("[data-step='1']").disabled = page === numPages - 1;
  }

  // Printed in place of the filters.
  function described(filter) {
    return NAMES.filter((name) => filter[name]).map((name) => {
      const text = form[name].selectedOptions ? form[name].selectedOptions[0].textContent : filter[name];
      return `${form[name].closest("label").firstChild.textContent}: ${text}`;
    }).join("; ");
  }

  // ---- The address: a view can be linked --------------------------------------------------------

  function writeHash() {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(state())) if (value) parameters.set(name, value);
    if (page) parameters.set("page", page + 1);
    const hash = "#" + (parameters.toString() || "examples");
    try {
      history.replaceState(null, "", hash);
    } catch {
      // A page inside another page may not be allowed to; the filters work all the same.
    }
  }

  // Whether the address names a view; any other anchor of the page is left alone.
  function readHash() {
    const parameters = new URLSearchParams(location.hash.slice(1));
    const given = [...parameters.keys()].some((name) => name === "page" || NAMES.includes(name));
    if (!given || !location.hash.includes("=")) return false;
    for (const name of ["variant", ...NAMES]) {
      form[name].value = parameters.get(name) || "";
      if (form[name].selectedIndex === -1) form[name].value = ""; // what this page does not have
      if (name === "variant") fillSeeds();
    }
    update((Number.parseInt(parameters.get("page"), 10) || 1) - 1);
    return true;
  }

  // ---- Drawing ----------------------------------------------------------------------------------

  function printable(text) {
    return text.replace(/[\p{Cc}\p{Cs}]/gu, "\u00b7");
  }

  function node(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  }

  function card(example, filter, wanted) {
    const header = node("header", {}, node("a", { href: `#text=%23${example.index}` }, `#${example.index}`));
    if (example.doc) header.append(node("span", {}, node("bdi", {}, example.doc)));
    for (const what of ["fixed", "broken"]) {
      const names = example[what].map((v) => data.variants[v]).join(", ");
      if (names) header.append(node("span", { class: what }, `${what} by ${names}`));
    }
    const article = node("article", { class: "example", "aria-label": `Sentence ${example.index}` }, header);
    const hits = hitWords(example, wanted);
    for (const group of grouped(viewsFor(example, filter))) article.append(drawing(example, group, hits));
    return article;
  }

  // Variants that show the same share a drawing.
  function grouped(views) {
    const groups = new Map();
    for (const one of views) {
      const key = JSON.stringify([
        one.parts.map(({ gold, predicted }) => [gold.map(({ bad }) => bad), predicted.map(({ item, bad }) => [item, bad])]),
        one.errors.map(({ which, kind, gold, predicted }) => [which, kind, gold, predicted]),
      ]);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(one);
    }
    return [...groups.values()];
  }

  function drawing(example, group, hits) {
    const first = group[0];
    const count = first.errors.length;
    const title = node("h3", {}, group.map((one) => data.variants[one.variant]).join(", "), " ",
      node("small", {}, [how(group), count ? `${count} ${count === 1 ? "error" : "errors"}` : "no error"].filter(Boolean).join(" · ")));
    const made = node("div", { class: "drawing" }, title);
    const layers = [
      levels(first.parts[0].gold.map((shown) => bracket(example, shown, "gold", group))),
      levels(first.parts[0].predicted.map((shown) => bracket(example, shown, "pred", group))),
    ];
    const words = wordLine(example, layers, hits);
    const chips = [
      ...first.errors.map((error) => errorChip(example, error)),
      ...first.parts[1].predicted.filter(({ bad }) => !bad)
        .map((shown) => relationChip(example, shown, first.runs)),
    ];
    made.append(words, node("p", { class: "heard" }, spoken(example, first)));
    if (chips.length) made.append(node("ul", { class: "chips" }, ...chips.map((chip) => node("li", {}, chip))));
    return made;
  }

  function how(group) {
    if (group[0].seed !== "") return /^\d+$/.test(group[0].seed) ? `seed ${group[0].seed}` : group[0].seed;
    const numbers = [...new Set(group.map((one) => one.runs))];
    return numbers.length === 1 && numbers[0] === 1 ? "" : `majority of ${numbers.join(" or ")} runs`;
  }

  function bracket(example, shown, side, group) {
    const { label, start, end } = example.items[0][shown.item];
    const seen = group.map((one) => one.parts[0][side === "gold" ? "gold" : "predicted"].find(({ item }) => item === shown.item));
    let text = data.labels.entities[label];
    if (side === "pred") {
      const scores = seen.map(({ score }) => score).filter((score) => score !== null);
      if (scores.length) text += " " + percent(scores.reduce((sum, one) => sum + one, 0) / scores.length);
      if (group.length === 1 && shown.count < group[0].runs) text += ` ${shown.count}/${group[0].runs}`;
    }
    return { side, text, start, end, bad: shown.bad, level: 0 };
  }

  function percent(score) {
    // Never 1.00 for what is not certain.
    return (score > 0.995 && score < 1 ? ">.99" : score.toFixed(2).replace(/^0/, ""));
  }

  // What lies inside of others comes next to the words; what overlaps never shares a level.
  function levels(brackets) {
    const placed = [];
    for (const one of brackets.sort((a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start)) {
      for (const other of placed) {
        if (one.start < other.end && other.start < one.end) one.level = Math.max(one.level, other.level + 1);
      }
      placed.push(one);
    }
    return placed;
  }

  function direction(word) {
    return RTL.test(word) ? "rtl" : STRONG.test(word) ? "ltr" : "";
  }

  function wordLine(example, layers, hits) {
    const { words } = example;
    const ways = words.map(direction);
    const base = ways.filter((way) => way === "rtl").length > ways.filter((way) => way === "ltr").length ? "rtl" : "ltr";
    const at = words.map(() => []);
    for (const layer of layers) {
      for (const one of layer) for (let place = one.start; place < one.end; place += 1) at[place].push(one);
    }
    const line = node("p", { class: "words", dir: base });
    for (const [start, end, hidden] of stretches(words, at, hits)) {
      const draw = () => runs(words, ways, base, start, end, at, hits);
      if (!hidden) line.append(...draw());
      else {
        const fold = node("button", { type: "button", class: "fold" }, `… ${end - start} words …`);
        fold.addEventListener("click", () => {
          const drawn = draw();
          const target = drawn.find((one) => one.nodeType === Node.ELEMENT_NODE);
          fold.replaceWith(...drawn);
          target.tabIndex = -1;
          target.focus({ preventScroll: true });
        });
        line.append(fold, " ");
      }
    }
    return line;
  }

  // [start, end, whether it is folded away]
  function stretches(words, at, hits) {
    if (words.length <= LONG) return [[0, words.length, false]];
    const kept = new Uint8Array(words.length);
    words.forEach((_, place) => {
      if (place < AROUND || at[place].length || hits.has(place)) {
        kept.fill(1, Math.max(0, place - AROUND), Math.min(words.length, place + AROUND + 1));
      }
    });
    const found = [];
    for (let start = 0; start < words.length;) {
      let end = start;
      while (end < words.length && kept[end] === kept[start]) end += 1;
      found.push([start, end, !kept[start] && end - start >= SHORTEST_FOLD]);
      start = end;
    }
    return found;
  }

  // Words in the direction of the sentence; a run of the other direction keeps its own order.
  function runs(words, ways, base, start, end, at, hits) {
    const made = [];
    for (let place = start; place < end;) {
      let last = place;
      if (ways[place] && ways[place] !== base) {
        for (let next = place + 1; next < end && ways[next] !== base; next += 1) if (ways[next]) last = next;
        const isolated = node("span", { dir: ways[place] });
        for (let inside = place; inside <= last; inside += 1) {
          isolated.append(word(words, inside, at[inside], hits), ...(inside < last ? [" "] : []));
        }
        made.push(isolated);
      } else made.push(word(words, place, at[place], hits));
      made.push(" ");
      place = last + 1;
    }
    return made;
  }

  function word(words, place, brackets, hits) {
    const made = node("span", { class: hits.has(place) ? "w hit" : "w", "data-word": place }, printable(words[place]));
    const height = { gold: 0, pred: 0 };
    for (const one of brackets) {
      height[one.side] = Math.max(height[one.side], one.level + 1);
      const begins = one.start === place;
      const classes = ["s", one.side, begins && "first", one.end === place + 1 && "last", one.bad && "bad"];
      const drawn = node("i", { class: classes.filter(Boolean).join(" "), "data-label": begins && one.text });
      drawn.style.setProperty("--level", one.level);
      made.append(drawn);
      // A label that is longer than its words makes the first of them wider.
      const room = words.slice(one.start, Math.min(one.end, one.start + 20)).join(" ").replace(/\p{M}/gu, "").length;
      if (begins && (one.end - one.start === 1 || 0.9 * one.text.length > room)) made.prepend(node("i", { class: "room", "data-label": one.text, "aria-hidden": "true" }));
    }
    if (height.gold) made.style.setProperty("--above", height.gold);
    if (height.pred) made.style.setProperty("--below", height.pred);
    return made;
  }

  function hitWords(example, wanted) {
    const hits = new Set();
    if (!wanted || wanted.startsWith("#")) return hits;
    const parts = example.words.map(folded);
    const text = parts.join(" ");
    const starts = [];
    parts.reduce((start, one) => { starts.push(start); return start + one.length + 1; }, 0);
    let place = 0;
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      while (place < parts.length && starts[place] + parts[place].length <= at) place += 1;
      for (let inside = place; inside < parts.length && starts[inside] < at + wanted.length; inside += 1) hits.add(inside);
    }
    return hits;
  }

  // ---- Chips: what is wrong, and relations ------------------------------------------------------

  function spanText(example, { start, end }) {
    const words = example.words.slice(start, end);
    const shown = words.length > 8 ? [...words.slice(0, 5), "…", ...words.slice(-2)] : words;
    const text = [...printable(shown.join(" "))];
    return node("bdi", {}, text.length > 100 ? text.slice(0, 99).join("") + "…" : text.join(""));
  }

  function itemText(example, which, item) {
    const one = example.items[which][item];
    if (!which) return [spanText(example, one), " ", node("em", {}, data.labels.entities[one.label])];
    const [head, tail] = [example.items[0][one.head], example.items[0][one.tail]];
    return [spanText(example, head), " —", node("em", {}, data.labels.relations[one.label]), "→ ", spanText(example, tail)];
  }

  function spansOf(example, which, item) {
    if (item < 0) return [];
    const one = example.items[which][item];
    return (which ? [example.items[0][one.head], example.items[0][one.tail]] : [one]).map(({ start, end }) => [start, end]);
  }

  function chip(classes, spans, ...children) {
    return node("button", { type: "button", class: classes, "data-spans": JSON.stringify(spans) }, ...children);
  }

  function errorChip(example, { which, kind, gold, predicted }) {
    const text = [node("b", {}, data.kinds[sides[which]][kind]), " "];
    if (gold >= 0) text.push(...itemText(example, which, gold));
    if (gold >= 0 && predicted >= 0) text.push(node("em", {}, ", predicted "));
    if (predicted >= 0) text.push(...itemText(example, which, predicted));
    return chip("chip bad", [gold, predicted].flatMap((item) => spansOf(example, which, item)), ...text);
  }

  function relationChip(example, { item, count, score }, runs) {
    const further = [score === null ? "" : percent(score), count < runs ? `${count}/${runs}` : ""].filter(Boolean);
    return chip("chip", spansOf(example, 1, item), node("b", {}, "right"), " ", ...itemText(example, 1, item),
      ...(further.length ? [node("em", {}, ` ${further.join(" ")}`)] : []));
  }

  function spoken(example, { parts }) {
    const named = (items) => items.map(({ item }) => {
      const { label, start, end } = example.items[0][item];
      return `${data.labels.entities[label]} ${example.words.slice(start, Math.min(end, start + 8)).join(" ")}`;
    }).join("; ") || "nothing";
    return `Gold entities: ${named(parts[0].gold)}. Predicted: ${named(parts[0].predicted)}.`;
  }

  function light(button, on) {
    const words = button.closest(".drawing").querySelector(".words");
    for (const lit of words.querySelectorAll(".lit")) lit.classList.remove("lit");
    if (!on) return;
    for (const [start, end] of JSON.parse(button.dataset.spans)) {
      for (let place = start; place < end; place += 1) {
        words.querySelector(`[data-word="${place}"]`)?.classList.add("lit");
      }
    }
  }

  // ---- Events -----------------------------------------------------------------------------------

  for (const [event, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
    list.addEventListener(event, (given) => {
      const button = given.target.closest(".chip");
      if (button) light(button, on);
    });
  }
  let waiting = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    const act = () => { update(); writeHash(); };
    if (event.target === form.text) waiting = setTimeout(act, 150);
    else act();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { update(); writeHash(); }));
  function turn(to) {
    update(to);
    writeHash();
    root.scrollIntoView();
  }
  pages.addEventListener("click", (event) => {
    const step = event.target.dataset.step;
    if (step) turn(page + Number(step));
  });
  pageChoice.addEventListener("change", () => turn(Number(pageChoice.value)));
  window.addEventListener("hashchange", () => {
    if (readHash()) root.scrollIntoView();
    else if (["", "#examples"].includes(location.hash)) form.reset();
  });

  fillFilters();
  form.hidden = false;
  if (readHash()) root.scrollIntoView();
  else update();
})();
