"""The process map as code: one file per business process, each public function one sentence."""
