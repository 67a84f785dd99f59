/** Sources and recordings in words. */
import type { Source } from '../facts/schema.ts';
import { defaultLocale, fill, ui } from '../i18n.ts';
import type { Locale } from '../i18n.ts';
import type { Recording } from '../recording/types.ts';

/** An address in the reader's language: sources that are pages of this site name the English one. */
export function localAddress(url: string, locale: Locale): string {
  return url.startsWith('/') && locale !== defaultLocale ? `/${locale}${url}` : url;
}

/** A source as its mark describes it: what, by whom, of when, and where in it. */
export function describeSource(source: Source, locale: Locale, place?: string): string {
  const strings = ui('frame', locale).sources;
  const { title, by, date } = source;
  const described = fill(strings.source, { title, by, date });
  return place === undefined ? described : fill(strings.place, { source: described, place });
}

/** Where this site serves the data of a recording. */
export function dataAddress(recording: Recording): string {
  return `/recordings/${recording.id}.json`;
}

/** A recording by its id, which says kernel, filesystem, operation and size. */
export function describeRecording(recording: Recording, locale: Locale): string {
  const strings = ui('frame', locale).sources;
  return fill(strings.recording, {
    id: recording.id,
  });
}
