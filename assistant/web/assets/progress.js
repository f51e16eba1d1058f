// How far a long act is, in words: so many of so many, how fast, how long still.

export function figures(job, what) {
  const rate = job.rate ? `, ${job.rate < 10 ? job.rate.toFixed(1) : Math.round(job.rate)} a second` : "";
  const left = job.left === null || job.left === undefined ? "" : `, ${span(job.left)} left`;
  return `${job.done} of ${job.total} ${what}${rate}${left}`;
}

function span(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
