/** The part of the window, from its top, in which a heading counts as being read. */
const READING = 0.3;

/** Marks the section being read in the table of contents. */
export function contents(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('.toc a')];
  const headings = [...new Set(links.map((link) => link.hash.slice(1)))]
    .map((id) => document.getElementById(id))
    .filter((heading) => heading !== null);
  if (headings.length === 0) return;

  const mark = (): void => {
    const line = innerHeight * READING;
    const atEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    const current = atEnd
      ? headings.at(-1)
      : headings.findLast((heading) => heading.getBoundingClientRect().top <= line);
    for (const link of links) {
      if (link.hash.slice(1) === current?.id) link.setAttribute('aria-current', 'location');
      else link.removeAttribute('aria-current');
    }
  };
  // Told when a heading crosses the line, also when a jump takes it far beyond: hence the margin
  // above. The second observer tells when the end comes into view.
  const crossing = new IntersectionObserver(mark, {
    rootMargin: `999999px 0px ${String((READING - 1) * 100)}% 0px`,
  });
  for (const heading of headings) crossing.observe(heading);
  const end = document.querySelector('.site-footer');
  if (end !== null) new IntersectionObserver(mark, { threshold: [0, 1] }).observe(end);
}
