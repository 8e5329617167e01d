using Holoflow.Holography.Tables;

namespace Holoflow.Holography.MeasurementSets;

/// <summary>Fills the small subtables of a new MeasurementSet. FLAG_CMD has no rows; STATE and PROCESSOR have the one that the main rows name.</summary>
static class SubtableWriter
{
    public static void Fill(TableWriter table, string name, MeasurementSetContents contents)
    {
        Action fill = name switch
        {
            "ANTENNA" => () => Each(contents.Antennas, antenna => Write(table, antenna)),
            "DATA_DESCRIPTION" => () => Each(contents.DataDescriptions, description => Write(table, description)),
            "FEED" => () => Each(contents.Feeds, feed => Write(table, feed)),
            "FIELD" => () => Each(contents.Fields, field => Write(table, field)),
            "HISTORY" => () => Each(contents.History, line => Write(table, line)),
            "OBSERVATION" => () => Each(contents.Observations, observation => Write(table, observation)),
            "POLARIZATION" => () => Each(contents.Polarizations, polarization => Write(table, polarization)),
            "PROCESSOR" => () => WriteProcessor(table),
            "SPECTRAL_WINDOW" => () => Each(contents.SpectralWindows, window => Write(table, window)),
            "STATE" => () => WriteState(table),
            _ => () => { },
        };
        fill();
    }

    static void Each<T>(IReadOnlyList<T> rows, Action<T> write)
    {
        foreach (T row in rows)
            write(row);
    }

    static void Write(TableWriter table, Antenna antenna)
    {
        table.Put<double>("OFFSET", antenna.Offset);
        table.Put<double>("POSITION", antenna.Position);
        table.PutString("TYPE", antenna.Type);
        table.Put("DISH_DIAMETER", [antenna.DishDiameter]);
        table.Put("FLAG_ROW", [antenna.Flagged]);
        table.PutString("MOUNT", antenna.Mount);
        table.PutString("NAME", antenna.Name);
        table.PutString("STATION", antenna.Station);
    }

    static void Write(TableWriter table, DataDescription description)
    {
        table.Put("FLAG_ROW", [description.Flagged]);
        table.Put("POLARIZATION_ID", [description.PolarizationId]);
        table.Put("SPECTRAL_WINDOW_ID", [description.SpectralWindowId]);
    }

    static void Write(TableWriter table, Feed feed)
    {
        int receptors = feed.PolarizationType.Length;
        table.Put<double>("POSITION", feed.Position);
        table.PutCells<double>("BEAM_OFFSET", [2, receptors], feed.BeamOffset);
        table.PutStrings("POLARIZATION_TYPE", feed.PolarizationType);
        table.PutCells<ComplexSingle>("POL_RESPONSE", [receptors, receptors], feed.PolarizationResponse);
        table.PutCells<double>("RECEPTOR_ANGLE", [receptors], feed.ReceptorAngle);
        table.Put("ANTENNA_ID", [feed.AntennaId]);
        table.Put("BEAM_ID", [feed.BeamId]);
        table.Put("FEED_ID", [feed.FeedId]);
        table.Put("INTERVAL", [feed.Interval]);
        table.Put("NUM_RECEPTORS", [receptors]);
        table.Put("SPECTRAL_WINDOW_ID", [feed.SpectralWindowId]);
        table.Put("TIME", [feed.Time]);
    }

    static void Write(TableWriter table, Field field)
    {
        table.PutCells<double>("DELAY_DIR", [2, 1], field.DelayDirection);
        table.PutCells<double>("PHASE_DIR", [2, 1], field.PhaseDirection);
        table.PutCells<double>("REFERENCE_DIR", [2, 1], field.ReferenceDirection);
        table.PutString("CODE", field.Code);
        table.Put("FLAG_ROW", [field.Flagged]);
        table.PutString("NAME", field.Name);
        table.Put("NUM_POLY", [0]);
        table.Put("SOURCE_ID", [field.SourceId]);
        table.Put("TIME", [field.Time]);
    }

    static void Write(TableWriter table, (double Time, string Application, string Message) line)
    {
        table.PutStrings("APP_PARAMS", [""]);
        table.PutStrings("CLI_COMMAND", [""]);
        table.PutString("APPLICATION", line.Application);
        table.PutString("MESSAGE", line.Message);
        table.Put("OBJECT_ID", [0]);
        table.Put("OBSERVATION_ID", [0]);
        table.PutString("ORIGIN", line.Application);
        table.PutString("PRIORITY", "INFO");
        table.Put("TIME", [line.Time]);
    }

    static void Write(TableWriter table, Observation observation)
    {
        table.Put("TIME_RANGE", [observation.StartTime, observation.EndTime]);
        table.PutStrings("LOG", observation.Log is { Length: > 0 } log ? log : [""]);
        table.PutStrings("SCHEDULE", observation.Schedule is { Length: > 0 } schedule ? schedule : [""]);
        table.Put("FLAG_ROW", [observation.Flagged]);
        table.PutString("OBSERVER", observation.Observer);
        table.PutString("PROJECT", observation.Project);
        table.Put("RELEASE_DATE", [observation.ReleaseDate]);
        table.PutString("SCHEDULE_TYPE", observation.ScheduleType);
        table.PutString("TELESCOPE_NAME", observation.TelescopeName);
    }

    static void Write(TableWriter table, Polarization polarization)
    {
        int count = polarization.CorrelationTypes.Length;
        table.PutCells<int>("CORR_TYPE", [count], polarization.CorrelationTypes);
        table.PutCells<int>("CORR_PRODUCT", [2, count], polarization.CorrelationProducts);
        table.Put("FLAG_ROW", [polarization.Flagged]);
        table.Put("NUM_CORR", [count]);
    }

    static void Write(TableWriter table, SpectralWindow window)
    {
        long[] channels = [window.ChannelFrequency.Length];
        table.Put("MEAS_FREQ_REF", [window.FrequencyReference]);
        table.PutCells<double>("CHAN_FREQ", channels, window.ChannelFrequency);
        table.Put("REF_FREQUENCY", [window.ReferenceFrequency]);
        table.PutCells<double>("CHAN_WIDTH", channels, window.ChannelWidth);
        table.PutCells<double>("EFFECTIVE_BW", channels, window.ChannelWidth);
        table.PutCells<double>("RESOLUTION", channels, window.ChannelWidth);
        table.Put("FLAG_ROW", [window.Flagged]);
        table.Put("FREQ_GROUP", [0]);
        table.PutString("FREQ_GROUP_NAME", "");
        table.Put("IF_CONV_CHAIN", [0]);
        table.PutString("NAME", window.Name);
        table.Put("NET_SIDEBAND", [1]);
        table.Put("NUM_CHAN", [window.ChannelFrequency.Length]);
        table.Put("TOTAL_BANDWIDTH", [window.TotalBandwidth]);
    }

    static void WriteProcessor(TableWriter table)
    {
        table.Put("FLAG_ROW", [false]);
        table.Put("MODE_ID", [-1]);
        table.PutString("TYPE", "CORRELATOR");
        table.Put("TYPE_ID", [-1]);
        table.PutString("SUB_TYPE", "");
    }

    static void WriteState(TableWriter table)
    {
        table.Put("CAL", [0.0]);
        table.Put("FLAG_ROW", [false]);
        table.Put("LOAD", [0.0]);
        table.PutString("OBS_MODE", "OBSERVE_TARGET.ON_SOURCE");
        table.Put("REF", [false]);
        table.Put("SIG", [true]);
        table.Put("SUB_SCAN", [0]);
    }
}
