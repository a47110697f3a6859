"""SageMaker's XGBoost as a program: `python -m localaws.containers.xgboost train`.

It reads and writes what SageMaker documents for a training container, below /opt/ml or SAGEMAKER_BASE_DIR, and refuses
what AWS's container refuses, in its words. `contract` has the folder, `data` reads channels, `metrics` has the metrics
that XGBoost itself lacks, `training` trains. Nothing here depends on the local AWS.
"""
