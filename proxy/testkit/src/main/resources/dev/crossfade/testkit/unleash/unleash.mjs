// Runs an Unleash server as the environment says, and prints its address once it serves.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const env = process.env;
const require = createRequire(pathToFileURL(`${env.UNLEASH_MODULES}/package.json`));
const { start } = await import(pathToFileURL(require.resolve('unleash-server')));

await start({
  db: {
    host: env.UNLEASH_DB_HOST,
    port: Number(env.UNLEASH_DB_PORT),
    user: env.UNLEASH_DB_USER,
    password: '',
    database: env.UNLEASH_DB_NAME,
    ssl: false,
    pool: { min: 0, max: 4 },
  },
  server: { host: env.UNLEASH_HOST, port: Number(env.UNLEASH_PORT), secret: env.UNLEASH_ADMIN_TOKEN },
  authentication: {
    type: 'open-source',
    createAdminUser: true,
    initialAdminUser: { username: env.UNLEASH_USER, password: env.UNLEASH_PASSWORD },
    initApiTokens: [
      { environment: '*', project: '*', secret: env.UNLEASH_ADMIN_TOKEN, type: 'admin', tokenName: 'admin' },
      { environment: 'development', projects: ['*'], secret: env.UNLEASH_CLIENT_TOKEN, type: 'client', tokenName: 'client' },
    ],
  },
  // Nothing leaves this machine.
  versionCheck: { enable: false },
  telemetry: false,
  logLevel: 'warn',
});
console.log(`unleash ready on ${env.UNLEASH_HOST}:${env.UNLEASH_PORT}`);
