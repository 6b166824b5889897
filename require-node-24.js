// Plain JavaScript that any Node with --import can read: it runs before the first TypeScript file, which Node < 24 could not.
const needed = 24;
if (Number(process.versions.node.split('.')[0]) < needed) {
  console.error(`Node >= ${needed} needed, got ${process.version}`);
  process.exit(1);
}
