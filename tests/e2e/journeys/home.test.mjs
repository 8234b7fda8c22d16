import { journey } from "../lib/journey.mjs";

journey("an operator sees what is due, why, and what to do next", { role: "approver" }, async ({ page, visit, settled }) => {
  await visit("/");
  await page.getByRole("link", { name: "電子計算機を届け出る" }).waitFor();
  await page.locator("details.disclosure summary").first().click();
  await settled("home");
});

journey("the home page is complete in English", { role: "approver" }, async ({ page, visit, settled }) => {
  await visit("/?lang=en");
  await page.getByRole("heading", { name: "Computers to be notified" }).waitFor();
  await settled("home-en");
});
