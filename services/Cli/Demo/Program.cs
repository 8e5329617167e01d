return await Holoflow.Sdk.FlowProgram.RunAsync(args);
