import type { APIRoute, GetStaticPaths } from 'astro';
import { loadSnippets } from './_load.ts';

export const getStaticPaths = (() =>
  [...loadSnippets().texts].map(([address, text]) => ({
    params: { path: address.replace(/^\/snippets\//, '') },
    props: { text },
  }))) satisfies GetStaticPaths;

/** A file of the generator as it is, whatever its name ends in. */
export const GET: APIRoute<{ text: string }> = ({ props: { text } }) =>
  new Response(text, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
