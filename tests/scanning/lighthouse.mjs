// Lighthouse over pages of a Chromium that is running: a job a line on standard input, a verdict a line on standard output.
// A job is {port, url, scheme, size, steps, spoil}; steps bring the page from its first scene to another, each {fill, text}, {click} or {wait}.
import { createInterface } from "node:readline";
import { navigation, snapshot, desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

const CATEGORIES = ["accessibility", "best-practices"];
// "waiting" stands in every heading until the page knows what to show.
// An audit that finds nothing on the page to look at says so, or nothing, and has looked at nothing.
const NOT_LOOKED_AT = new Set(["notApplicable", "manual", "error"]);
const SETTLED = "h1:not(.waiting)";

async function judge(browser, job) {
    const context = await browser.createBrowserContext();
    try {
        const page = await context.newPage();
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: job.scheme }]);
        const options = { page, flags: { onlyCategories: CATEGORIES, logLevel: "silent", disableStorageReset: true } };
        const config = job.size === "desktop" ? desktopConfig : undefined;
        if (!job.steps) {
            return (await navigation(page, job.url, { config, flags: options.flags })).lhr;
        }
        await page.setViewport(job.size === "desktop" ? { width: 1280, height: 800 } : { width: 360, height: 800 });
        await page.goto(job.url);
        await page.waitForSelector(SETTLED);
        for (const step of job.steps) {
            if (step.fill) await page.type(step.fill, step.text);
            if (step.click) await page.click(step.click);
            if (step.wait) await page.waitForSelector(step.wait, { timeout: 60_000 });
        }
        if (job.spoil) await page.evaluate(job.spoil);
        return (await snapshot(page, { config, flags: options.flags })).lhr;
    } finally {
        await context.close();
    }
}

for await (const line of createInterface({ input: process.stdin })) {
    const job = JSON.parse(line);
    const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${job.port}` });
    let verdict;
    try {
        const lhr = await judge(browser, job);
        verdict = {
            version: lhr.lighthouseVersion,
            trouble: lhr.runtimeError?.message,
            scores: Object.fromEntries(CATEGORIES.map((name) => [name, lhr.categories[name].score])),
            audits: new Set(
                CATEGORIES.flatMap((name) => lhr.categories[name].auditRefs.map((ref) => ref.id)).filter(
                    (id) => lhr.audits[id] && !NOT_LOOKED_AT.has(lhr.audits[id].scoreDisplayMode),
                ),
            ).size,
            wrong: Object.values(lhr.audits)
                .filter((audit) => audit.score !== null && audit.score < 1 && audit.scoreDisplayMode === "binary")
                .filter((audit) => CATEGORIES.some((name) => lhr.categories[name].auditRefs.some((ref) => ref.id === audit.id && ref.weight > 0)))
                .map((audit) => `${audit.id}: ${audit.title} ${JSON.stringify(audit.details?.items ?? []).slice(0, 600)}`),
        };
    } catch (error) {
        verdict = { trouble: String(error) };
    }
    await browser.disconnect();
    process.stdout.write(`${JSON.stringify(verdict)}\n`);
}
