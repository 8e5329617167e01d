using Holoflow.Sdk;
using Holoflow.Sdk.Slurm;

return await FlowProgram.RunAsync(args, new SlurmTasks());
