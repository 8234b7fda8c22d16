import assert from "node:assert/strict";

import { journey } from "../lib/journey.mjs";

journey(
  "the desk asks for a correction, the operator answers in place, and the Cabinet Office sees the report",
  { role: "kanto.meti.tanto" },
  async ({ page, server, settled, enter }) => {
    await page.goto(`${server.url}/desk`);
    await settled("desk");
    await page.locator('main table a[href^="/filings/"]').first().click();
    await settled("desk-filing");
    const { page: operator, settled: seen } = await enter("approver");
    await operator.goto(`${server.url}/corrections`);
    await seen("corrections");
    await operator.locator('main a[href^="/corrections/"]').first().click();
    await seen("correction");
    const { page: cabinet, settled: read } = await enter("cabinet_analyst");
    await cabinet.goto(`${server.url}/desk`);
    assert.match(await cabinet.locator("main").innerText(), /東都電力送配電株式会社/);
    await read("cabinet-desk");
  },
);

journey("the committee looks at the logs and finds them in order", { role: "auditor" }, async ({ page, visit, settled }) => {
  await visit("/audit");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await settled("audit");
});
