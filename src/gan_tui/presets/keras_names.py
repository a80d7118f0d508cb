"""Names that Keras knows, so that one which gan-tui lacks is not taken for a misspelling.

Written out, because a preset is checked before Keras is loaded; a test compares them with Keras.
"""

from collections.abc import Collection, Iterable

_LAYERS = """
    Activation ActivityRegularization AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D
    AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add AdditiveAttention AlphaDropout Attention AugMix
    AutoContrast Average AveragePooling1D AveragePooling2D AveragePooling3D BatchNormalization Bidirectional
    CategoryEncoding CenterCrop Concatenate ContrastLimitedAdaptiveHistogramEqualization Conv1D Conv1DTranspose Conv2D
    Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D Cropping1D Cropping2D Cropping3D CutMix
    Dense DepthwiseConv1D DepthwiseConv2D Discretization Dot Dropout ELU EinsumDense Embedding Equalization Flatten
    FlaxLayer GRU GRUCell GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D
    GlobalAveragePooling3D
    GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GroupNormalization GroupQueryAttention HashedCrossing
    Hashing Identity InputLayer IntegerLookup JaxLayer LSTM LSTMCell Lambda LayerNormalization LeakyReLU Masking
    MaxNumBoundingBoxes MaxPooling1D MaxPooling2D MaxPooling3D Maximum MelSpectrogram Minimum MixUp MultiHeadAttention
    Multiply Normalization PReLU Permute Pipeline RMSNormalization RNN RandAugment RandomBrightness
    RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop RandomElasticTransform RandomErasing RandomFlip
    RandomGaussianBlur RandomGrayscale RandomHue RandomInvert RandomPerspective RandomPosterization RandomRotation
    RandomSaturation RandomSharpness RandomShear RandomTranslation RandomZoom ReLU RepeatVector Rescaling Reshape
    Resizing ReversibleEmbedding STFTSpectrogram SeparableConv1D SeparableConv2D SimpleRNN SimpleRNNCell Softmax
    Solarization SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization StackedRNNCells StringLookup
    Subtract TFSMLayer TextVectorization TimeDistributed TorchModuleWrapper UnitNormalization UpSampling1D UpSampling2D
    UpSampling3D Wrapper ZeroPadding1D ZeroPadding2D ZeroPadding3D
"""
LAYERS = frozenset(_LAYERS.split())
OTHER_NAMES = {
    **{f"AvgPool{n}D": f"AveragePooling{n}D" for n in (1, 2, 3)},
    **{f"MaxPool{n}D": f"MaxPooling{n}D" for n in (1, 2, 3)},
    **{f"GlobalAvgPool{n}D": f"GlobalAveragePooling{n}D" for n in (1, 2, 3)},
    **{f"GlobalMaxPool{n}D": f"GlobalMaxPooling{n}D" for n in (1, 2, 3)},
    **{f"Convolution{n}D": f"Conv{n}D" for n in (1, 2, 3)},
    **{f"Convolution{n}DTranspose": f"Conv{n}DTranspose" for n in (1, 2, 3)},
    **{f"SeparableConvolution{n}D": f"SeparableConv{n}D" for n in (1, 2)},
}  # fmt: skip
"""Second names of layers."""

_CELL = "which is the inside of a layer: write LSTM, GRU or SimpleRNN"
_CODE = "which runs code of its own: gan-tui takes none from a preset"
_WORDS = "which is for text: data here are numbers"
_LABELS = "which changes labels or boxes, too: a network here has images alone"
_REFUSED = {
    "Lambda": _CODE,
    **dict.fromkeys(("JaxLayer", "FlaxLayer", "TorchModuleWrapper", "TFSMLayer"),
                    "which runs another library's code: gan-tui takes none from a preset"),
    **dict.fromkeys(("LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells", "RNN"), _CELL),
    **dict.fromkeys(("StringLookup", "IntegerLookup", "TextVectorization"),
                    "which holds a vocabulary: data here are numbers, and need none"),
    **dict.fromkeys(("Hashing", "HashedCrossing"), _WORDS),
    **dict.fromkeys(("STFTSpectrogram", "MelSpectrogram"), "which is for sound: data here are images and tables"),
    **dict.fromkeys(("MixUp", "CutMix", "MaxNumBoundingBoxes"), _LABELS),
    **dict.fromkeys(("Wrapper", "Pipeline"), "which only holds layers: write them one after another"),
    "AugMix": "which draws its changes outside the network, once for all steps: take RandAugment",
    "Equalization": "which Keras cannot put into a network: take ContrastLimitedAdaptiveHistogramEqualization",
    "InputLayer": "which is written input = [28, 28, 1] here, beside the layers",
    "ReversibleEmbedding": "which must be called backwards at the end: write Embedding, and a Dense layer there",
}  # fmt: skip
"""Layers that no preset may have → why."""

_REFUSED_ARGUMENTS = {
    "dtype": "all of a network is computed with the same precision",
    "autocast": "all of a network is computed with the same precision",
    "activity_regularizer": "ActivityRegularization after the layer does that",
    "weights": "a preset holds no weights; an initializer says what they begin as",
    "lora_rank": "it is for networks that were trained before",
    "lora_alpha": "it is for networks that were trained before",
    "quantization_config": "it is for networks that were trained before",
    "gptq_unpacked_column_size": "it is for networks that were trained before",
    "return_state": "a layer here gives one output",
    "stateful": "batches are shuffled, so none goes on where the one before it ended",
    "use_cudnn": "TensorFlow takes the fastest way that there is",
    "flash_attention": "TensorFlow takes the fastest way that there is",
    "zero_output_for_mask": "Keras sets it itself",
    "backward_layer": "the way back is a copy of the layer that it wraps",
    "layer": 'the layer that it holds is written wraps = {layer = "…"}',
    "input_shape": "a network has input = [28, 28, 1] beside its layers",
    "input_dim": "a network has input = [28, 28, 1] beside its layers",
    "bounding_box_format": "data here have no boxes",
    "num_bins": "bin_boundaries says where each bin ends",
    "sparse": "what a layer gives is an array",
}
"""Arguments of Keras's that no layer here takes → why."""
_ACTIVATIONS = """
    celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear log_sigmoid
    log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparse_sigmoid
    sparsemax squareplus swish tanh tanh_shrink threshold
"""
ACTIVATIONS = frozenset(_ACTIVATIONS.split())
_OPTIMIZERS = "adam rmsprop sgd adamw adamax nadam adagrad adadelta adafactor lion lamb ftrl muon"
OPTIMIZERS = tuple(_OPTIMIZERS.split())


def refused_layer(name: str) -> str:
    """'Lambda, which runs code of its own: …' for a layer that Keras has and gan-tui refuses; else nothing."""
    known = {each.lower(): each for each in (*_REFUSED, *LAYERS)}.get(name.lower())
    return f"{known}, {_REFUSED[known]}" if known in _REFUSED else ""


def refused_argument(name: str) -> str:
    """Why no layer here has an argument that Keras's have; nothing where there is no such one."""
    return _REFUSED_ARGUMENTS.get(name, "")


def lacked(word: str, of_keras: Collection[str], known: Iterable[str]) -> str:
    """'which Keras has and gan-tui lacks; choose from a, b', where that is so; else nothing."""
    known = list(known)
    lower = word.lower()
    if lower in {each.lower() for each in known} or lower not in {each.lower() for each in of_keras}:
        return ""
    return f"which Keras has and gan-tui lacks; choose from {', '.join(known)}"
