// Runs before the program, so it has to run on any version of Node: npm scripts use the Node that `npm ci` brings along, and
// fall back to the machine's own if that is missing.
const needed = require('./package.json').engines.node.replace('>=', '');
const [major, minor] = process.versions.node.split('.').map(Number);
const [neededMajor, neededMinor] = needed.split('.').map(Number);
if (major < neededMajor || (major === neededMajor && minor < neededMinor)) {
  process.stderr.write(
    `midjourney-relay needs Node ${needed} or newer, and this is Node ${process.versions.node}. ` +
      'Run `npm ci`, which brings the right one along (without --ignore-scripts), and start it again with npm.\n',
  );
  process.exitCode = 1;
}
