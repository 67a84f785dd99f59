/**
 * Numbers as people say them. The exact value stays with its source; these strings are for reading.
 */

export type Locale = 'en' | 'zh-cn';

const UNITS: Record<Locale, { us: string; ms: string; s: string; min: string; minutes: string }> = {
  en: { us: 'µs', ms: 'ms', s: 's', min: 'min', minutes: 'min' },
  'zh-cn': { us: '微秒', ms: '毫秒', s: '秒', min: '分', minutes: '分钟' },
};

/** A no-break space: a number and its unit stay on one line. */
const GAP = '\u00a0';

/** Two decimals below 1, one below 10, whole above: about two significant digits. */
function short(value: number): string {
  if (value >= 9.95) return String(Math.round(value));
  return value.toFixed(value >= 0.995 ? 1 : 2);
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/**
 * A duration in seconds as a phrase: `13.4 s`, `3.29 s`, `0.83 ms`, `45 µs`, `2 min 5 s`.
 * Seconds keep three significant digits, since the published figures are compared at that precision.
 */
export function duration(seconds: number, locale: Locale = 'en'): string {
  const unit = UNITS[locale];
  if (seconds >= 59.95) {
    const whole = Math.round(seconds);
    const rest = whole % 60;
    const minutes = String(Math.floor(whole / 60));
    return rest === 0
      ? `${minutes}${GAP}${unit.minutes}`
      : `${minutes}${GAP}${unit.min}${GAP}${String(rest)}${GAP}${unit.s}`;
  }
  if (seconds >= 0.9995) return `${seconds.toPrecision(3)}${GAP}${unit.s}`;
  if (seconds >= 0.0000995) return `${short(seconds * 1e3)}${GAP}${unit.ms}`;
  if (seconds <= 0) return `0${GAP}${unit.s}`;
  return `${short(seconds * 1e6)}${GAP}${unit.us}`;
}

/** A mark on a time axis, a power of ten: `0.1 ms`, `10 ms`, `0.1 s`, `1,000 s`. */
export function durationMark(seconds: number, locale: Locale = 'en'): string {
  const unit = UNITS[locale];
  return seconds >= 0.1
    ? `${seconds.toLocaleString('en-US')}${GAP}${unit.s}`
    : `${(seconds * 1e3).toLocaleString('en-US')}${GAP}${unit.ms}`;
}

/** The recorded value, to the microsecond: `13.360986 s`. */
export function exactDuration(seconds: number, locale: Locale = 'en'): string {
  return `${seconds.toFixed(6)}${GAP}${UNITS[locale].s}`;
}

/** KiB, as /proc/meminfo counts, in MiB or GiB: `256 MiB`, `12 KiB`, `25.6 GiB`. */
export function kibibytes(kib: number): string {
  if (kib < 1024) return `${String(Math.round(kib))}${GAP}KiB`;
  const mib = kib / 1024;
  if (mib < 1024) return `${String(Math.round(mib))}${GAP}MiB`;
  return `${trimZeros((mib / 1024).toPrecision(3))}${GAP}GiB`;
}

/** A rate in MB/s (10^6 bytes), above 1000 in GB/s. */
export function rate(megabytesPerSecond: number): string {
  return megabytesPerSecond >= 1000
    ? `${trimZeros((megabytesPerSecond / 1000).toPrecision(3))}${GAP}GB/s`
    : `${trimZeros(megabytesPerSecond.toPrecision(3))}${GAP}MB/s`;
}

/** A factor rounded to two significant digits, grouped: `12,000×`, `2.4×`. */
export function factor(value: number): string {
  if (value < 10) return `${trimZeros(value.toPrecision(2))}×`;
  const rounded = Number(value.toPrecision(2));
  return `${rounded.toLocaleString('en-US')}×`;
}
