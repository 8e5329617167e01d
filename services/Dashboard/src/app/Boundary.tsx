import { Component, type ReactNode } from 'react';
import { Failure } from '../parts/Basics';

/** A fault of a page is shown in its place; the rest of the house stands. */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: undefined as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error === undefined ? this.props.children : <Failure error={this.state.error} again={() => this.setState({ error: undefined })} />;
  }
}
