"""Programs that stand for training images on this machine, under SageMaker's container contract.

Each finds its files below /opt/ml, or below the folder that SAGEMAKER_BASE_DIR names, and knows nothing of the server.
"""
