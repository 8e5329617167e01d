using Holoflow.HolographyBenchmarks;

switch (args)
{
    case ["goals", .. var rest]: return await GoalTable.Run(rest);
    case ["beam", .. var rest]: return await FullBeam.Run(rest);
    case ["accuracy", .. var rest]: return AccuracyTable.Run(rest);
    case ["product"]: return ProductKernels.Run();
    case ["release", .. var rest]: return await ReleaseScale.Run(rest);
    case [] or [_] when args.Length == 0 || int.TryParse(args[0], out _): return await InputOutput.Run(args.Length > 0 ? int.Parse(args[0]) : 512);
    default:
        Console.Error.WriteLine(
            """
            usage, after dotnet run -c Release --project tests/Benchmarks/Holography --
              goals [files|beam|rbf|aperture ...] [--python <interpreter>]
                                                              all that has a goal, or these parts of it, in one table with the goals; exit code 1 where one is missed
              [megabytes of DATA]                             reading and writing beside the raw machine
              beam [aperture] [--python <interpreter>]        a full-size beam, H5 to H8, beside numpy and scipy on the same arrays
              accuracy [rbf|aperture] [channels] [flux in Jy] recovered beams beside the goals; exit code 1 where one is missed
              release [antennas]                              the whole flow once, to the full cube of 36 beams and 288 channels: time, memory
              product                                         the matrix product by the kernels that were tried
            """);
        return 2;
}
