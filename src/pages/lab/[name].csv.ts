import type { APIRoute, GetStaticPaths } from 'astro';
import { DOWNLOADS, loadDownloads, type DownloadName } from '../../build/lab.node.ts';

export const getStaticPaths = (() =>
  DOWNLOADS.map((name) => ({ params: { name }, props: { name } }))) satisfies GetStaticPaths;

/** One part of the lab's evidence as CSV. */
export const GET: APIRoute<{ name: DownloadName }> = async ({ props }) =>
  new Response((await loadDownloads())[props.name].csv, {
    headers: { 'Content-Type': 'text/csv; charset=utf-8; header=present' },
  });
