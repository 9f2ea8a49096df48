/**
 * The dashboard's page in a real browser. {@link dev.pawl.browser.PageTest} starts Chromium and is what tests extend;
 * {@link dev.pawl.browser.Site} serves the page as an application would, under a path of its own; {@link dev.pawl.browser.Scenery} fills
 * a database with what a newsroom does in a day.
 */
package dev.pawl.browser;
