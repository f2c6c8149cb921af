// Every text that is seen on the page and has less contrast than WCAG 2.2 asks for
// (AA: 4.5 to 1, or 3 to 1 where it is large; 3 to 1 for what is drawn), in words.

const parse = (color) => {
    const numbers = color.match(/^rgba?\(([^)]+)\)$/)?.[1].split(/[ ,/]+/).map(Number);
    if (!numbers) {
        throw new Error(`cannot read the colour ${color}`);
    }
    return { rgb: numbers.slice(0, 3), alpha: numbers[3] ?? 1 };
};

const over = (upper, lower) => ({
    rgb: upper.rgb.map((value, at) => value * upper.alpha + lower.rgb[at] * (1 - upper.alpha)),
    alpha: 1,
});

const luminance = ({ rgb }) => {
    const [r, g, b] = rgb.map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
};

const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
        const layer = parse(getComputedStyle(at).backgroundColor);
        layers.push(layer);
        if (layer.alpha === 1) {
            break;
        }
    }
    return layers.reduceRight((lower, upper) => over(upper, lower), { rgb: [255, 255, 255], alpha: 1 });
};

const opacity = (element) => {
    let all = 1;
    for (let at = element; at; at = at.parentElement) {
        all *= Number(getComputedStyle(at).opacity);
    }
    return all;
};

const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().width > 1;

const found = [];
const look = (what, color, below, element, needed) => {
    const ink = parse(color);
    ink.alpha *= opacity(element);
    const ratio = contrast(over(ink, below), below);
    if (ratio < needed) {
        const classes = `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`;
        found.push(`${ratio.toFixed(2)} of ${needed}: ${what} in ${classes}, ${color} on ${below.rgb}`);
    }
};

for (const details of document.querySelectorAll('details')) {
    details.open = true;
}

let texts = 0;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || element.closest('script, style, template, title, desc, noscript') || !isSeen(element)) {
        continue;
    }
    texts += 1;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const color = element.closest('svg') ? style.fill : style.color;
    look(JSON.stringify(text.slice(0, 40)), color, ground(element), element, isLarge ? 3 : 4.5);
}

for (const drawn of document.querySelectorAll('.ladder :is(.step, .side) line, .ladder .side rect')) {
    look('a line', getComputedStyle(drawn).stroke, ground(drawn), drawn, 3);
}

for (const line of document.querySelectorAll('.source .line')) {
    look('a number', getComputedStyle(line, '::before').color, ground(line), line, 4.5);
}

for (const place of document.querySelectorAll('var.place')) {
    place.focus();
    const tip = getComputedStyle(place, '::after');
    look('a tip', tip.color, parse(tip.backgroundColor), place, 4.5);
}

return [`${texts}`, ...new Set(found)];
