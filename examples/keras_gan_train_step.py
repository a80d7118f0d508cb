"""A pair of networks with a `train_step` of its own (Keras on TensorFlow): the lines for gan-tui are marked."""

import sys

import keras
import tensorflow as tf
from keras import layers
from sklearn.datasets import load_digits

import gan_tui  # gan-tui

epochs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
LATENT = 16


class Pair(keras.Model):
    """Generator and discriminator, trained in turn."""

    def __init__(self) -> None:
        super().__init__(name="pair")
        self.generator = keras.Sequential(
            [
                keras.Input((LATENT,)),
                layers.Dense(4 * 4 * 32, activation="relu"),
                layers.Reshape((4, 4, 32)),
                layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="sigmoid"),
            ],
            name="generator",
        )
        self.discriminator = keras.Sequential(
            [
                keras.Input((8, 8, 1)),
                layers.Conv2D(32, 3, strides=2, padding="same", activation="leaky_relu"),
                layers.Flatten(),
                layers.Dense(1),
            ],
            name="discriminator",
        )
        self.d_loss, self.g_loss = keras.metrics.Mean(name="d_loss"), keras.metrics.Mean(name="g_loss")

    @property
    def metrics(self):
        return [self.d_loss, self.g_loss]

    def compile(self):
        super().compile()
        self.d_optimizer, self.g_optimizer = keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3)
        self.judge = keras.losses.BinaryCrossentropy(from_logits=True)

    def call(self, latents):
        return self.generator(latents)

    def train_step(self, real):
        count = tf.shape(real)[0]
        made = self.generator(tf.random.normal((count, LATENT)))
        with tf.GradientTape() as tape:
            said = self.discriminator(tf.concat([real, made], 0), training=True)
            d_loss = self.judge(tf.concat([tf.ones((count, 1)), tf.zeros((count, 1))], 0), said)
        weights = self.discriminator.trainable_weights
        self.d_optimizer.apply_gradients(zip(tape.gradient(d_loss, weights), weights, strict=True))
        with tf.GradientTape() as tape:
            said = self.discriminator(self.generator(tf.random.normal((count, LATENT)), training=True))
            g_loss = self.judge(tf.ones((count, 1)), said)
        weights = self.generator.trainable_weights
        self.g_optimizer.apply_gradients(zip(tape.gradient(g_loss, weights), weights, strict=True))
        self.d_loss.update_state(d_loss)
        self.g_loss.update_state(g_loss)
        return {"d_loss": self.d_loss.result(), "g_loss": self.g_loss.result()}


images = load_digits().images[..., None].astype("float32") / 16
pair = Pair()
pair.compile()
watch = gan_tui.Watch(generator=pair.generator)  # gan-tui
history = pair.fit(images, epochs=epochs, batch_size=64, callbacks=[watch], verbose=0).history  # gan-tui: callbacks
print(f"generator's loss {history['g_loss'][-1]:.3f}")
