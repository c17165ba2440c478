"""Training the model: simulated places and labels in, small files with their card out."""

from leachwatch.train.chips import ChipTraining, train_chips, write_chip_model
from leachwatch.train.labels import Label, labelled_groups, read_labels
from leachwatch.train.run import TrainSettings, train
from leachwatch.train.wholes import MINE, Group

__all__ = [
    "MINE",
    "ChipTraining",
    "Group",
    "Label",
    "TrainSettings",
    "labelled_groups",
    "read_labels",
    "train",
    "train_chips",
    "write_chip_model",
]
