import type { APIRoute } from 'astro';
import { LICENCES, SITE_NAME } from '../../site.ts';
import { loadSnippets } from './_load.ts';

/** What is published, so that a script need not guess addresses. */
export const GET: APIRoute = () => {
  const { name, url } = LICENCES.text;
  const index = {
    about: `${SITE_NAME}: files that turn the mount option volatile on, as they are, at addresses that stay: /snippets/<target>/<version>/<file>. They are for a node that comes back after a crash and a containerd that nothing else uses; the command line of the project has the other cases. Licence: ${name}, ${url.en}`,
    snippets: loadSnippets().entries,
  };
  return new Response(`${JSON.stringify(index, null, 2)}\n`, {
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
  });
};
