import { listCoreModels } from "./core_models.ts";
import { listDenseModels } from "./dense_models.ts";
import { listConvolutionModels, listImageNetworks } from "./image_models.ts";
import type { OrdinaryModel } from "./ordinary_model.ts";
import { listOwnReferenceModels } from "./own_reference_models.ts";
import { listSequenceModels } from "./sequence_models.ts";

/** Models as users of TensorFlow.js train them, in the order of the table. */
export const ordinaryModels: readonly OrdinaryModel[] = [
  ...listDenseModels(),
  ...listConvolutionModels(),
  ...listImageNetworks(),
  ...listSequenceModels(),
  ...listOwnReferenceModels(),
  ...listCoreModels(),
];
