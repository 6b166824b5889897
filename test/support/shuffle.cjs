const { default: Sequencer } = require('@jest/test-sequencer');
const { createHash } = require('node:crypto');

/** Runs the files in an order drawn from jest's seed (`--seed`), so that no test may lean on another file. */
module.exports = class ShuffleSequencer extends Sequencer {
  #seed;

  constructor(options) {
    super(options);
    this.#seed = options.globalConfig.seed;
  }

  sort(tests) {
    const at = ({ path }) => createHash('sha256').update(`${this.#seed}\0${path}`).digest('hex');
    return [...tests].sort((a, b) => at(a).localeCompare(at(b)));
  }
};
