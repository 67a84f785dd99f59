import type { APIRoute, GetStaticPaths } from 'astro';
import { loadRecordings } from '../../recording/load.ts';
import type { Recording } from '../../recording/types.ts';

export const getStaticPaths = (async () =>
  (await loadRecordings()).map((recording) => ({
    params: { id: recording.id },
    props: { recording },
  }))) satisfies GetStaticPaths;

/** The recordings at stable addresses: the numbers of every figure can be checked against them. */
export const GET: APIRoute<{ recording: Recording }> = ({ props }) =>
  Response.json(props.recording);
