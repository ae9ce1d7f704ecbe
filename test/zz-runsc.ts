import { testPool } from './support/pool.ts';
import { runScript, stdoutOf, stderrOf } from './support/script.ts';
import { imageFolder, imageName } from '../src/sandbox/image.ts';
const pool = testPool({ image: imageName(imageFolder, 'full'), ociRuntime: 'runsc', max: 1 });
const empty: number[] = [], spin: number[] = [], bash: number[] = [];
for (let i = 0; i < 6; i++) {
  empty.push((await runScript(pool, 'node', '1')).cpuMs);
  const s = await runScript(pool, 'node', 'const end = Date.now() + 300; while (Date.now() < end); const u = process.cpuUsage(); console.log(JSON.stringify([u, process.uptime()]))');
  spin.push(s.cpuMs); console.log(stdoutOf(s).trim());
  bash.push((await runScript(pool, 'bash', 'x=0; while [ $x -lt 20000 ]; do x=$((x+1)); done')).cpuMs);
}
console.log({ empty, spin, bash });
const st = await runScript(pool, 'node', `const fs=require('fs');console.log(fs.readFileSync('/proc/self/status','utf8')); for (const f of ['stat','oom_score_adj','limits']) { try { console.log(f, fs.readFileSync('/proc/self/'+f,'utf8')); } catch (e) { console.log(f, e.code); } } console.log(process.pid, fs.readdirSync('/proc/self/fd').map(fd=>{try{return fs.readlinkSync('/proc/self/fd/'+fd)}catch(e){return e.code}}))
for (const p of fs.readdirSync('/proc').filter(n=>/^\\d+$/.test(n))) { let e='?'; try { e=fs.readFileSync('/proc/'+p+'/environ','latin1') } catch(x) { e=x.code } let m; try { fs.readSync(fs.openSync('/proc/'+p+'/mem'), Buffer.alloc(4)); m='read' } catch(x) { m=x.code } console.log(p, fs.readFileSync('/proc/'+p+'/cmdline','latin1'), JSON.stringify(e), m) }`);
console.log(stdoutOf(st), stderrOf(st));
await pool.drain();
