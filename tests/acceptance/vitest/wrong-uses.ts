// What the types refuse: the compiler fails where one of these lines is right.

import { FakeServer } from "./fake-webflow";

export async function misuse(): Promise<void> {
  // @ts-expect-error the option is rate_limit
  const fake = await new FakeServer().fork({ rateLimit: 60 });
  // @ts-expect-error there is no such view
  await fake.items("authors", "drafted");
  // @ts-expect-error a name is missing
  await fake.addAsset({ content: { text: "" } });
  // @ts-expect-error the clock moves by seconds, not by a text
  await fake.advanceClock("61");
  // @ts-expect-error a kind of token that there is not
  await new FakeServer().namedFork("story", { kind: "user" });
  // @ts-expect-error an effect that there is not
  await fake.addFault({ then: { explode: {} } });
  const { exchanges } = await fake.journal();
  // @ts-expect-error a status is a number
  exchanges[0]?.status.toUpperCase();
  // @ts-expect-error an attempt may have no status
  (await fake.deliveries())[0]?.attempts[0]?.status.toFixed();
}
