// People who come and go, so many a second, by the emulator's control routes.

const BEAT_MS = 20;

/** Begins; `stop` ends it and says how many came and went a second. */
export function churn(emulator, { meeting_id, participants }, aSecond) {
  const inside = participants.map(({ user_id }) => user_id);
  const outside = [];
  const under = new Set();
  const began = performance.now();
  let done = 0;
  let failed;
  const take = (list) => list.splice(Math.floor(Math.random() * list.length), 1)[0];
  const one = async (leaves) => {
    const user_id = take(leaves ? inside : outside);
    await emulator.control('POST', leaves ? 'leave' : 'join', { meeting_id, user_id });
    (leaves ? outside : inside).push(user_id);
  };
  // As many as are due by now: a beat that comes late is made up for.
  const timer = setInterval(() => {
    const due = ((performance.now() - began) * aSecond) / 1000;
    for (; done < due; done += 1) {
      const step = one(outside.length < 20 || done % 2 === 0).catch((error) => (failed = error));
      under.add(step);
      step.finally(() => under.delete(step));
    }
  }, BEAT_MS);
  return async () => {
    clearInterval(timer);
    await Promise.all(under);
    if (failed) throw failed;
    return (done * 1000) / (performance.now() - began);
  };
}
