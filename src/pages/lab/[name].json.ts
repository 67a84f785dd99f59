import type { APIRoute, GetStaticPaths } from 'astro';
import { DOWNLOADS, loadDownloads, type DownloadName } from '../../build/lab.node.ts';

export const getStaticPaths = (() =>
  DOWNLOADS.map((name) => ({ params: { name }, props: { name } }))) satisfies GetStaticPaths;

/** One part of the lab's evidence as JSON. */
export const GET: APIRoute<{ name: DownloadName }> = async ({ props }) =>
  new Response((await loadDownloads())[props.name].json, {
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
  });
