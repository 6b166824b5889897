/** Variable with the endpoint of an emulator that runs already, in place of our own: `npm run test:moto`. */
export const emulatorVariable = 'TEST_AWS_ENDPOINT';
