using Holoflow.Cli.Commands;

return await CommandLine.Run(args);
