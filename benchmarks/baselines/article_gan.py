"""The GAN article's loop: `predict`, `concatenate`, two `train_on_batch`."""

import keras
import numpy as np
from windows import measure

from gan_tui import data

BATCH = 128


def dense(units: list[int], rate: float) -> list[keras.layers.Layer]:
    layers: list[keras.layers.Layer] = []
    for count in units:
        layers += [keras.layers.Dense(count), keras.layers.LeakyReLU(negative_slope=0.2)]
        layers += [keras.layers.Dropout(rate)] if rate else []
    return layers


def main() -> None:
    adam = keras.optimizers.Adam
    generator = keras.Sequential(
        [keras.Input((100,)), *dense([256, 512, 1024], 0), keras.layers.Dense(784, activation="tanh")]
    )
    discriminator = keras.Sequential(
        [keras.Input((784,)), *dense([1024, 512, 256], 0.3), keras.layers.Dense(1, activation="sigmoid")]
    )
    discriminator.compile(adam(2e-4, beta_1=0.5), "binary_crossentropy")
    discriminator.trainable = False
    noise = keras.Input((100,))
    both = keras.Model(noise, discriminator(generator(noise)))
    both.compile(adam(2e-4, beta_1=0.5), "binary_crossentropy")
    images = data.load(data.find("mnist")).images.reshape(-1, 784).astype(np.float32) / 127.5 - 1
    labels = np.zeros(2 * BATCH)
    labels[:BATCH] = 0.9

    def train() -> int:
        chosen = images[np.random.randint(0, len(images), BATCH)]
        generated = generator.predict(np.random.normal(0, 1, (BATCH, 100)), verbose=0)
        discriminator.trainable = True
        discriminator.train_on_batch(np.concatenate([chosen, generated]), labels)
        discriminator.trainable = False
        both.train_on_batch(np.random.normal(0, 1, (BATCH, 100)), np.ones(BATCH))
        return 1

    train()
    measure(train)


if __name__ == "__main__":
    main()
