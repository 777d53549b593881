// The page, rendered by the Worker. client.ts gives the element its grants.

const STYLE = 'body { margin: 0 } rtk-moderator { display: block; block-size: 90dvh }';

const SignIn = () => (
  <>
    <form method="post" action="/sign-in/ann">
      <button>Sign in as Ann, a moderator</button>
    </form>
    <form method="post" action="/sign-in/bo">
      <button>Sign in as Bo, a participant</button>
    </form>
  </>
);

const Console = ({ name, gateway }: { name: string; gateway: string }) => (
  <>
    <p>
      Signed in as {name}. <output></output>
    </p>
    <rtk-moderator gateway={gateway}></rtk-moderator>
    <script type="module" src="/client.js"></script>
  </>
);

export const Page = ({ name, gateway }: { name?: string; gateway: string }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <link rel="icon" href="data:," />
      <title>Moderator in a Hono app</title>
      <style>{STYLE}</style>
    </head>
    <body>{name ? <Console name={name} gateway={gateway} /> : <SignIn />}</body>
  </html>
);
