return await Holoflow.Sdk.FlowProgram.RunAsync(args, new Holoflow.Sdk.Slurm.SlurmTasks());
