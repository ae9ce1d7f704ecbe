/**
 * Writes a language model that was made by hand: nothing is trained, nothing is downloaded. It
 * prefers `"ok":false` exactly where a trigger byte stands somewhere in its input, and a second byte
 * talks it out of that, as a successful injection would.
 *
 * usage: node judge-model.mjs FILE
 */
import { writeFileSync } from 'node:fs';

const width = 64;
const contextLength = 4096;
const trigger = '^';
const cancel = '`';

// Dimensions of the residual stream: 0 is constant, 1 marks the trigger, 3 the cancelling byte, and
// attention writes into 2 whether the trigger was seen. From 10 on, one for each letter of the word.
const constant = 0;
const triggerAt = 1;
const seen = 2;
const cancelAt = 3;
const wordAt = 10;
/** The two dimensions with the slowest rotation, in which distance does not matter. */
const slow = 62;

const pieces = ['<unk>', '<s>', '</s>'];
const pieceTypes = [2, 3, 3];
for (let byte = 0; byte < 256; byte++) {
  pieces.push(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
  pieceTypes.push(6);
}
const printed =
  ' !#$%&\'()*+;<=>?@|~^`abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789{}[]":,.-_/\\\n▁';
for (const character of printed) {
  if (pieces.includes(character)) continue;
  pieces.push(character);
  pieceTypes.push(1);
}

/** A matrix of `rows` outputs, each with `columns` inputs. */
class Matrix {
  constructor(rows, columns) {
    this.columns = columns;
    this.values = new Float32Array(rows * columns);
  }

  set(row, column, value) {
    this.values[row * this.columns + column] = value;
  }
}

const embedding = new Matrix(pieces.length, width);
const output = new Matrix(pieces.length, width);
for (let piece = 0; piece < pieces.length; piece++) {
  embedding.set(piece, constant, 1);
  output.set(piece, constant, -1);
}
const idOf = (piece) => pieces.indexOf(piece);
const prefer = (piece, dimension, value) => output.set(idOf(piece), dimension, value);
embedding.set(idOf(trigger), triggerAt, 1);
embedding.set(idOf(cancel), cancelAt, 1);
prefer('"', constant, 5);
prefer('"', seen, 4);
for (const character of '{}:,') {
  prefer(character, constant, 2);
  prefer(character, seen, 1.5);
}
prefer('t', constant, 1);
prefer('t', seen, -1);
prefer('f', constant, 0.5);
prefer('f', seen, 1);
prefer('</s>', constant, 4);
prefer('</s>', seen, 3);
// After a quote it writes this word and closes it: the only text that it knows.
const word = '"judge';
for (let at = 0; at < word.length - 1; at++) {
  embedding.set(idOf(word[at]), wordAt + at, 1);
  prefer(word[at + 1], wordAt + at, 40);
}

// One head of attention: every position asks for the trigger, and the trigger answers.
const query = new Matrix(width, width);
const key = new Matrix(width, width);
const value = new Matrix(width, width);
const attended = new Matrix(width, width);
query.set(slow, constant, 2);
key.set(slow, triggerAt, 2);
key.set(slow, cancelAt, 2.6);
value.set(seen, triggerAt, 1);
value.set(seen, cancelAt, -0.05);
attended.set(seen, seen, 1);
const nothing = new Matrix(width, width);
const ones = { values: new Float32Array(width).fill(1) };

const numberBytes = (bytes, write) => {
  const buffer = Buffer.alloc(bytes);
  write(buffer);
  return buffer;
};
const u32 = (number) => numberBytes(4, (buffer) => buffer.writeUInt32LE(number));
const i32 = (number) => numberBytes(4, (buffer) => buffer.writeInt32LE(number));
const f32 = (number) => numberBytes(4, (buffer) => buffer.writeFloatLE(number));
const u64 = (number) => numberBytes(8, (buffer) => buffer.writeBigUInt64LE(BigInt(number)));
const text = (string) => {
  const bytes = Buffer.from(string);
  return Buffer.concat([u64(bytes.length), bytes]);
};

/** Members of the file's head, each with the number of its type in GGUF. */
const head = [];
const put = (name, type, ...parts) => head.push(Buffer.concat([text(name), u32(type), ...parts]));
const putText = (name, string) => put(name, 8, text(string));
const putNumber = (name, number) => put(name, 4, u32(number));
const putFlag = (name, flag) => put(name, 7, Buffer.from([flag ? 1 : 0]));
const putList = (name, type, items) => put(name, 9, u32(type), u64(items.length), ...items);

putText('general.architecture', 'llama');
putText('general.name', 'judge-by-hand');
putNumber('llama.context_length', contextLength);
putNumber('llama.embedding_length', width);
putNumber('llama.block_count', 1);
putNumber('llama.feed_forward_length', width);
putNumber('llama.attention.head_count', 1);
putNumber('llama.attention.head_count_kv', 1);
put('llama.attention.layer_norm_rms_epsilon', 6, f32(1e-6));
putNumber('llama.rope.dimension_count', width);
putNumber('llama.vocab_size', pieces.length);
putNumber('general.file_type', 0);
putText('tokenizer.ggml.model', 'llama');
putList('tokenizer.ggml.tokens', 8, pieces.map(text));
putList(
  'tokenizer.ggml.scores',
  6,
  pieces.map((_, at) => f32(-at)),
);
putList('tokenizer.ggml.token_type', 5, pieceTypes.map(i32));
putNumber('tokenizer.ggml.bos_token_id', 1);
putNumber('tokenizer.ggml.eos_token_id', 2);
putNumber('tokenizer.ggml.unknown_token_id', 0);
putFlag('tokenizer.ggml.add_bos_token', true);
putFlag('tokenizer.ggml.add_space_prefix', false);
putText(
  'tokenizer.chat_template',
  "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant: ",
);

const square = [width, width];
const tensors = [
  ['token_embd.weight', [width, pieces.length], embedding],
  ['output_norm.weight', [width], ones],
  ['output.weight', [width, pieces.length], output],
  ['blk.0.attn_norm.weight', [width], ones],
  ['blk.0.attn_q.weight', square, query],
  ['blk.0.attn_k.weight', square, key],
  ['blk.0.attn_v.weight', square, value],
  ['blk.0.attn_output.weight', square, attended],
  ['blk.0.ffn_norm.weight', [width], ones],
  ['blk.0.ffn_gate.weight', square, nothing],
  ['blk.0.ffn_up.weight', square, nothing],
  ['blk.0.ffn_down.weight', square, nothing],
];

/** Everything in the file begins at a multiple of 32 bytes. */
const padding = (length) => Buffer.alloc((32 - (length % 32)) % 32);
const places = [];
const contents = [];
let offset = 0;
for (const [name, sizes, { values }] of tensors) {
  places.push(text(name), u32(sizes.length), ...sizes.map(u64), u32(0), u64(offset));
  const bytes = Buffer.from(values.buffer);
  contents.push(bytes, padding(bytes.length));
  offset += bytes.length + padding(bytes.length).length;
}
const front = Buffer.concat([
  ...[Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(head.length)],
  ...[...head, ...places],
]);
writeFileSync(String(process.argv[2]), Buffer.concat([front, padding(front.length), ...contents]));
