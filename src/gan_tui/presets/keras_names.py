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
    "AvgPool2D": "AveragePooling2D", "Convolution2D": "Conv2D", "Convolution2DTranspose": "Conv2DTranspose",
    "GlobalAvgPool2D": "GlobalAveragePooling2D", "MaxPool2D": "MaxPooling2D",
}  # fmt: skip
"""Second names of layers."""
_ACTIVATIONS = """
    celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear log_sigmoid
    log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparse_sigmoid
    sparsemax squareplus swish tanh tanh_shrink threshold
"""
ACTIVATIONS = frozenset(_ACTIVATIONS.split())
_OPTIMIZERS = "adadelta adafactor adagrad adam adamax adamw ftrl lamb lion muon nadam rmsprop sgd"
OPTIMIZERS = frozenset(_OPTIMIZERS.split())
_OF_WEIGHTS = "kernel_initializer bias_initializer kernel_regularizer bias_regularizer activity_regularizer "
_CONSTRAINTS = "kernel_constraint bias_constraint "
_CONVOLUTION = "data_format dilation_rate " + _OF_WEIGHTS + _CONSTRAINTS
_ARGUMENTS = {
    "Dense": _OF_WEIGHTS + _CONSTRAINTS + "lora_rank lora_alpha quantization_config",
    "Conv2D": _CONVOLUTION + "groups",
    "Conv2DTranspose": _CONVOLUTION + "output_padding",
    "BatchNormalization": "axis center scale beta_initializer gamma_initializer moving_mean_initializer "
    "moving_variance_initializer beta_regularizer gamma_regularizer beta_constraint gamma_constraint renorm "
    "renorm_clipping renorm_momentum synchronized",
    "MaxPooling2D": "data_format",
    "AveragePooling2D": "data_format",
    "UpSampling2D": "data_format",
    "Dropout": "noise_shape seed",
    "ReLU": "threshold",
    "GlobalAveragePooling2D": "data_format keepdims",
    "Flatten": "data_format",
}
"""Layer → its arguments that gan-tui lacks, beside those that every layer has."""


def arguments(layer: str) -> list[str]:
    """The arguments of a layer of Keras's that gan-tui lacks."""
    return ["dtype", "trainable", *_ARGUMENTS.get(layer, "").split()]


def lacked(word: str, of_keras: Collection[str], known: Iterable[str]) -> str:
    """'which Keras has and gan-tui lacks; choose from a, b', where that is so; else nothing."""
    known = list(known)
    lower = word.lower()
    if lower in {each.lower() for each in known} or lower not in {each.lower() for each in of_keras}:
        return ""
    return f"which Keras has and gan-tui lacks; choose from {', '.join(known)}"
