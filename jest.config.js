/** Tests run on the sources as they are: swc strips the types, ESM stays ESM. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/.sluice/'],
  modulePathIgnorePatterns: ['/.sluice/'],
  setupFiles: ['./test/seed.ts'],
  globalSetup: './test/global-setup.ts',
  globalTeardown: './test/global-teardown.ts',
  reporters: ['default', './test/api/calls-reporter.ts'],
  testTimeout: 120_000,
  maxWorkers: 2,
  // Modules of test files stay in a worker's memory: it is replaced between files before it runs out.
  workerIdleMemoryLimit: '1GB',
};
