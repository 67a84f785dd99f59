/** What is being recorded, how far it is, and how long it will still take. */
export class Progress {
  private readonly total: number;
  private readonly began: number;
  private readonly clock: () => number;
  /** Expected seconds of the runs that are over, by the plan's own estimate. */
  private done = 0;

  /**
   * @param total expected seconds of everything, by the plans' estimate
   * @param clock milliseconds
   */
  constructor(total: number, clock: () => number = () => Date.now()) {
    this.total = total;
    this.clock = clock;
    this.began = clock();
  }

  /** Counts a part of the estimate as over. */
  finish(expected: number): void {
    this.done += expected;
  }

  /**
   * One line: `6.12 ext4  12/42  umount-64-plain  1:05 gone, about 2:10 left`. The estimate is
   * stretched by how long its first part really took.
   */
  line(where: string, number: number, of: number, name: string): string {
    const elapsed = (this.clock() - this.began) / 1000;
    const pace = this.done > 0 ? elapsed / this.done : 1;
    const left = Math.max(0, (this.total - this.done) * pace);
    const count = `${String(number).padStart(String(of).length)}/${of}`;
    return `${where}  ${count}  ${name}  ${minutes(elapsed)} gone, about ${minutes(left)} left`;
  }
}

/** `1:05` of 65 seconds. */
export function minutes(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
