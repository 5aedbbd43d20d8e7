"""What a page may not do to people with a narrow screen, a finger or a reader: measured in the page itself.

Each is a JavaScript function that returns what is wrong as a list of texts; an empty list is what a test asks for.
"""

# Everything that a finger must hit is 44 pixels in both directions.
SMALL_TARGETS = """() => [...document.querySelectorAll("button, input, textarea, summary")]
    .filter((each) => each.checkVisibility())
    .filter((each) => { const box = each.getBoundingClientRect(); return box.width < 44 || box.height < 44; })
    .map((each) => each.outerHTML)"""

UNNAMED = """() => [...document.querySelectorAll("button, input, textarea")]
    .filter((each) => !each.textContent.trim() && !each.labels?.length && !each.getAttribute("aria-label"))
    .map((each) => each.outerHTML)"""

# The page itself, every box of it, and every line of text within its box.
OUTSIDE = """() => {
    const wrong = [];
    const root = document.scrollingElement;
    if (root.scrollWidth > innerWidth) wrong.push(`the page is ${root.scrollWidth} wide`);
    const range = document.createRange();
    for (const each of document.querySelectorAll("body *")) {
        if (!each.checkVisibility()) continue;
        range.selectNodeContents(each);
        for (const box of [each.getBoundingClientRect(), range.getBoundingClientRect()]) {
            const name = `${each.tagName} ${each.textContent.slice(0, 40)}`;
            if (box.width && (box.left < -0.5 || box.right > innerWidth + 0.5)) wrong.push(name);
        }
        const clips = each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0;
        if (clips && getComputedStyle(each).display !== "inline") wrong.push(`inside ${each.outerHTML.slice(0, 80)}`);
    }
    return wrong;
}"""

# Everything that can be read or heard: text, values, names, the title; not what stands in a field that people type in.
TEXTS = """() => {
    const found = [["title", document.title]];
    const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walk.currentNode; node; node = walk.nextNode()) {
        if (node.nodeType === Node.TEXT_NODE) {
            const parent = node.parentElement;
            if (node.data.trim() && !parent.closest("noscript, head")) found.push([parent.tagName, node.data.trim()]);
            continue;
        }
        for (const { name, value } of node.attributes) {
            const isSaid = /^(title|alt|placeholder|label|aria-(label|description|valuetext|roledescription))$/;
            if (isSaid.test(name)) found.push([`${node.tagName} ${name}`, value]);
        }
        if (node.readOnly && node.value) found.push([`${node.tagName} value`, node.value]);
    }
    return found;
}"""
