import type { PageContext } from './build/page.ts';

declare global {
  namespace App {
    interface Locals {
      /** What the components of a page's text need to know of their page; the route sets it. */
      page?: PageContext;
    }
  }
}
