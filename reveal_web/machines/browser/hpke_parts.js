// The half of HPKE's library that its other half asks for under a package's name, in one place.

import { NativeAlgorithm } from "./hpke-algorithm.js";
import { EMPTY, INFO_LENGTH_LIMIT, INPUT_LENGTH_LIMIT, MINIMUM_PSK_LENGTH } from "./hpke-consts.js";
import { ExportError, InvalidParamError, MessageLimitReachedError, NotSupportedError, OpenError, SealError } from "./hpke-errors.js";
import { AeadId, KemId, Mode } from "./hpke-identifiers.js";
import { AEAD_USAGES } from "./hpke-aeadEncryptionContext.js";
import { HkdfSha256Native, HkdfSha384Native, HkdfSha512Native, toArrayBuffer, toUint8Array } from "./hpke-hkdf.js";
import { Dhkem } from "./hpke-dhkem.js";
import { Ec } from "./hpke-ec.js";
import { i2Osp, xor } from "./hpke-misc.js";

export { NativeAlgorithm, EMPTY, INFO_LENGTH_LIMIT, INPUT_LENGTH_LIMIT, MINIMUM_PSK_LENGTH };
export { ExportError, InvalidParamError, MessageLimitReachedError, NotSupportedError, OpenError, SealError };
export { AeadId, KemId, Mode, AEAD_USAGES, HkdfSha256Native, HkdfSha384Native, HkdfSha512Native };
export { toArrayBuffer, toUint8Array, Dhkem, Ec, i2Osp, xor };
